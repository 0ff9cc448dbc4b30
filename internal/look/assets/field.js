// The script of the field app. Every page works without it: it saves sooner, control by
// control, and locks when nobody looks.
//
// A form with data-save posts what was changed in it, with the record as it was shown; the
// answer brings that record anew. One request at a time, so that each is against what the
// one before it has saved. With data-whole it posts everything that was ever changed in it,
// since nothing of what was saved can be read again.
const json = { "Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded" };
const quiet = 800, longest = 2000, flushers = [];

for (const form of document.querySelectorAll("form[data-save]")) keep(form);

function keep(form) {
  const dirty = new Set(), refused = new Map(), status = document.querySelector(`[data-saved="${form.id}"]`);
  let timer = 0, since = 0, busy = null, failed = false;
  for (const b of form.querySelectorAll("[data-plain]")) b.hidden = true;

  const ever = new Set(); // what was changed since the page came
  const say = (text) => { if (status) { status.textContent = text; } };
  const wait = (ms) => { clearTimeout(timer); timer = setTimeout(send, Math.max(0, Math.min(ms, since + longest - Date.now()))); };
  const touch = (e, ms) => {
    const name = e.target.name;
    if (!name || name.startsWith("_") || e.target.type === "hidden") return;
    dirty.add(name);
    ever.add(name);
    since ||= Date.now();
    wait(ms);
  };
  form.addEventListener("input", (e) => touch(e, quiet));
  form.addEventListener("change", (e) => touch(e, 0));
  form.addEventListener("focusout", () => dirty.size && wait(0));
  // A button of the form sends all of it, and waits for what is under way.
  // Enter in a field saves as waiting would, and stays where it is.
  form.addEventListener("submit", async (e) => {
    if (e.submitter?.matches("[data-enter], [data-plain]")) {
      e.preventDefault();
      since ||= Date.now();
      wait(0);
      return;
    }
    if (!busy) return;
    e.preventDefault();
    await busy;
    form.requestSubmit(e.submitter);
  });

  async function send(last) {
    clearTimeout(timer);
    if (busy) { if (!last) return; await busy; }
    if (!dirty.size) return;
    const names = [...("whole" in form.dataset ? ever : dirty)], body = new URLSearchParams();
    dirty.clear();
    since = 0;
    body.set("as", form.elements.as.value);
    body.set("_page", form.elements._page.value);
    const all = new FormData(form);
    for (const name of names) {
      const values = all.getAll(name);
      for (const v of values) body.append(name, v);
      if (!values.length) body.append("has", name);
    }
    busy = post(form.dataset.save, body, last === true);
    const answer = await busy;
    busy = null;
    if (!answer || answer.failed) {
      for (const name of names) dirty.add(name);
      if (answer) say(answer.failed); else if (!failed) say(form.dataset.waiting || document.body.dataset.waiting || "");
      failed = true;
      timer = setTimeout(send, longest);
      return;
    }
    failed = false;
    if (answer.as) form.elements.as.value = answer.as;
    for (const name of names) { refused.delete(name); mark(form, name, ""); }
    for (const [name, text] of Object.entries(answer.refused || {})) refused.set(name, text);
    const kept = (control) => dirty.has(control.name) || refused.has(control.name);
    for (const [id, html] of Object.entries(answer.parts || {})) replace(id, html, kept);
    for (const [name, text] of refused) mark(form, name, text);
    say(answer.saved || "");
    if (dirty.size) wait(quiet);
  }
  flushers.push(send);
}

// post sends a form and gives its answer; null when it has not arrived.
async function post(url, body, last) {
  try {
    const r = await fetch(url, { method: "POST", headers: json, body, keepalive: last && body.toString().length < 60000, redirect: "manual" });
    if (r.type === "opaqueredirect") { location.href = "/unlock"; return null; }
    if (!(r.headers.get("Content-Type") || "").startsWith("application/json")) return null;
    return await r.json();
  } catch { return null; }
}

// mark puts a sentence beside a control, or takes it away.
function mark(form, name, text) {
  const found = form.elements[name], control = found instanceof RadioNodeList ? found[0] : found;
  if (!control) return;
  const q = control.closest(".q") || control.parentElement, id = control.id + "-e";
  let p = document.getElementById(id);
  if (!text) {
    if (p && !p.classList.contains("is-missing")) { p.remove(); control.removeAttribute("aria-invalid"); }
    return;
  }
  if (!p) {
    p = document.createElement("p");
    p.id = id;
    q.append(p);
  }
  p.className = "error";
  p.textContent = text;
  control.setAttribute("aria-invalid", "true");
  const said = (control.getAttribute("aria-describedby") || "").split(" ").filter(Boolean);
  if (!said.includes(id)) control.setAttribute("aria-describedby", [...said, id].join(" "));
}

// replace brings what stands in an element to what the server drew. What is the same stays
// where it is, so that focus, selection and what is being typed do; kept says of which
// controls the page knows better.
function replace(id, html, kept = () => false) {
  const old = document.getElementById(id);
  if (!old) return;
  const t = document.createElement("template");
  t.innerHTML = html;
  const had = old.contains(document.activeElement) ? document.activeElement.id : "";
  become(old, t.content, kept);
  if (had && document.activeElement?.id !== had) document.getElementById(had)?.focus({ preventScroll: true });
}

// become gives an element the children of another. Children are the same when they have
// the same key: an id, or the first control in them; what has neither, by its place.
function become(old, now, kept) {
  const key = (n) => {
    if (n.nodeType !== Node.ELEMENT_NODE) return "";
    if (n.id && !/^p(\d|x)/.test(n.id)) return n.id;
    const c = n.matches("[name]") ? n : n.querySelector("[name]");
    return c ? n.localName + " " + c.name + (n.localName === "label" || c === n ? " " + c.value : "") : "";
  };
  const blank = (n) => n.nodeType === Node.TEXT_NODE && !n.data.trim();
  const drop = (n) => { const next = n.nextSibling; n.remove(); return next; };
  let at = old.firstChild;
  for (const n of [...now.childNodes]) {
    if (blank(n) !== (at ? blank(at) : true)) {
      if (blank(n)) { old.insertBefore(n, at); continue; }
      while (at && blank(at)) at = drop(at);
    }
    const k = key(n);
    let same = at;
    if (k) while (same && !(same.nodeName === n.nodeName && key(same) === k)) same = same.nextSibling;
    if (!same || same.nodeName !== n.nodeName || key(same) !== k) {
      old.insertBefore(n, at);
      continue;
    }
    while (at !== same) at = drop(at);
    at = same.nextSibling;
    if (same.nodeType === Node.TEXT_NODE) { if (same.data !== n.data) same.data = n.data; } else if (same.nodeType === Node.ELEMENT_NODE) alter(same, n, kept);
  }
  while (at) at = drop(at);
}

// alter gives an element the attributes, the value and the children of another.
function alter(old, now, kept) {
  for (const a of [...old.attributes]) if (!now.hasAttribute(a.name) && !(a.name === "open" && old.localName === "details")) old.removeAttribute(a.name);
  for (const a of now.attributes) if (old.getAttribute(a.name) !== a.value) old.setAttribute(a.name, a.value);
  const typing = old === document.activeElement && (old.localName === "textarea" || old.localName === "input" && !/^(radio|checkbox)$/.test(old.type));
  if (typing || kept(old)) return;
  if (old.localName === "textarea") { if (old.value !== now.value) old.value = now.value; return; }
  become(old, now, kept);
  if (old.localName === "input" && /^(radio|checkbox)$/.test(old.type)) old.checked = now.hasAttribute("checked");
  else if (old.localName === "input" && old.value !== now.getAttribute("value")) old.value = now.getAttribute("value") || "";
  else if (old.localName === "select") old.value = now.value;
}

// Nothing typed is lost when the page goes.
addEventListener("visibilitychange", () => { if (document.hidden) for (const f of flushers) f(true); });
addEventListener("pagehide", () => { for (const f of flushers) f(true); });

// A page that the browser kept would show what was read before the lock.
addEventListener("pageshow", (e) => { if (e.persisted) location.reload(); });

const whole = document.documentElement, page = document.body.dataset;
const ask = (url, values) => fetch(url, { method: "POST", headers: json, body: new URLSearchParams(values), keepalive: true, redirect: "manual" });

// The lock is the way out: the page goes at once, what was typed is saved, the folder is
// locked, and an empty page takes the place of this one.
for (const form of document.querySelectorAll("form[data-lock]")) form.addEventListener("submit", async (e) => {
  e.preventDefault();
  whole.style.display = "none";
  await Promise.race([Promise.allSettled(flushers.map((f) => f(true))), new Promise((done) => setTimeout(done, 1500))]);
  try { await ask(form.getAttribute("action"), {}); } catch { /* it goes all the same */ }
  location.replace(page.away);
});

// A window says whether somebody sees it; when nobody does for a while, the folder is locked.
// What was on a page out of sight is shown again when the answer has come.
if (page.here) {
  const name = Math.random().toString(36).slice(2);
  const tell = async (gone) => {
    try {
      const r = await ask(page.here, { window: name, state: gone || document.hidden ? "hidden" : "visible" });
      if ((await r.json()).locked) { location.replace("/unlock"); return; }
    } catch { /* the program has ended; what was typed is still on the page */ }
    if (!document.hidden) whole.style.opacity = "";
  };
  tell(false);
  setInterval(() => { if (!document.hidden) tell(false); }, 10000);
  addEventListener("visibilitychange", () => { if (document.hidden) whole.style.opacity = "0"; tell(false); });
  addEventListener("pagehide", () => tell(true));
}

// The words of a passphrase can be shown while they are typed.
for (const input of document.querySelectorAll("input[data-reveal]")) {
  const label = document.createElement("label"), box = document.createElement("input");
  label.className = "choice";
  box.type = "checkbox";
  box.addEventListener("change", () => { input.type = box.checked ? "text" : "password"; });
  const words = document.createElement("span");
  words.textContent = input.dataset.reveal;
  label.append(box, words);
  (input.closest(".q") || input).after(label);
}

// A long list is found in by what is typed: answers that are called so stay, groups without
// any go. What is chosen always stays.
for (const pick of document.querySelectorAll("[data-pick]")) {
  const box = pick.querySelector(".pick-find"), input = box?.querySelector("input"), told = box?.querySelector("[data-none]");
  if (!input) continue;
  const plain = (s) => s.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();
  const groups = [...pick.querySelectorAll(".pick-group")];
  let opened = null; // which were open before somebody looked for something
  box.hidden = false;
  input.addEventListener("input", () => {
    const asked = plain(input.value);
    let found = 0;
    opened ||= groups.filter((g) => g.open);
    for (const g of groups) {
      let here = 0;
      for (const label of g.querySelectorAll("label")) {
        const fits = !asked || plain(label.textContent).includes(asked);
        label.hidden = !fits && !label.querySelector("input").checked;
        if (fits) found++;
        if (!label.hidden) here++;
      }
      g.hidden = !here;
      if (g.localName === "details") g.open = asked ? here > 0 : opened.includes(g);
    }
    if (!asked) opened = null;
    told.textContent = found ? "" : told.dataset.none;
  });
  // Enter looks no further: it would send the form.
  input.addEventListener("keydown", (e) => { if (e.key === "Enter") e.preventDefault(); });
}

// A sync is followed until it ends.
for (const a of document.querySelectorAll("[data-progress]")) { a.hidden = true; follow(a.dataset.progress); }

async function follow(url) {
  try {
    const r = await fetch(url, { headers: json, redirect: "manual" });
    if (r.type === "opaqueredirect") { location.replace("/unlock"); return; }
    const answer = await r.json();
    for (const [id, html] of Object.entries(answer.parts)) if (document.getElementById(id)?.dataset.html !== html) {
      replace(id, html);
      document.getElementById(id).dataset.html = html;
    }
    if (!answer.running) { location.replace("/send"); return; }
  } catch { /* asked again */ }
  setTimeout(follow, 700, url);
}
