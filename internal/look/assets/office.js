// The script of the office's pages: passkeys, and an end of what nobody looks at. Every
// page does without it; only passkeys need it.
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const post = async (address, values) => {
  const answer = await fetch(address, { method: "POST", body: new URLSearchParams(values), credentials: "same-origin", redirect: "error" });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
};

// What the server gives and takes is JSON, where the browser has buffers.
const create = async (options) => {
  options.challenge = bytes(options.challenge);
  options.user.id = bytes(options.user.id);
  for (const c of options.excludeCredentials ?? []) c.id = bytes(c.id);
  const made = await navigator.credentials.create({ publicKey: options });
  const r = made.response;
  return { id: made.id, rawId: text(made.rawId), type: made.type, authenticatorAttachment: made.authenticatorAttachment ?? undefined,
    response: { clientDataJSON: text(r.clientDataJSON), attestationObject: text(r.attestationObject), transports: r.getTransports?.() ?? [] } };
};
const get = async (options) => {
  options.challenge = bytes(options.challenge);
  const used = await navigator.credentials.get({ publicKey: options });
  const r = used.response;
  return { id: used.id, rawId: text(used.rawId), type: used.type, response: { clientDataJSON: text(r.clientDataJSON),
    authenticatorData: text(r.authenticatorData), signature: text(r.signature), userHandle: text(r.userHandle) } };
};

// A form [data-passkey=create|get] asks its action, with /begin behind it, for what the
// browser takes, and posts what that answers. [data-said] of it says what happened.
for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) {
    form.closest(".needs-script").hidden = true;
    continue;
  }
  const button = form.querySelector("button");
  const said = form.querySelector("[aria-live]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    said.textContent = form.dataset.wait;
    const values = Object.fromEntries(new FormData(form));
    try {
      const begun = await post(form.action + "/begin", values);
      let done = begun;
      if (begun.options) {
        const answer = await (form.dataset.passkey === "create" ? create : get)(begun.options);
        done = await post(form.action, { ...values, answer: JSON.stringify(answer) });
      }
      const kept = document.getElementById("kept");
      if (done.to && kept) { kept.submit(); return; }
      if (done.to) { location.assign(done.to); return; }
      said.textContent = done.said;
    } catch (problem) {
      said.textContent = problem.name === "NotAllowedError" || problem.name === "AbortError" ? form.dataset.cancelled
        : problem.name === "InvalidStateError" ? form.dataset.already : form.dataset.failed;
    }
    button.disabled = false;
  });
}

// A first-sign-in code comes behind the # of its link, which no server and no log sees.
const code = document.querySelector("input[data-from-link]");
if (code && location.hash.length > 1) {
  code.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
}

// Who goes away leaves no page behind, unless something is typed that would be lost.
const idle = Number(document.body.dataset.idle);
if (idle > 0) {
  let dirty = false;
  addEventListener("input", () => { dirty = true; });
  setTimeout(() => {
    if (!dirty) location.replace("/sign-in?why=idle&back=" + encodeURIComponent(location.pathname + location.search));
  }, idle * 1000);
}

// Printing needs a script; what is to be printed is on the page in any case.
for (const b of document.querySelectorAll("button[data-print]")) {
  b.addEventListener("click", () => { print(); });
}
