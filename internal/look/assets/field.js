// The script of the field app. Every page works without it: it saves sooner, control by
// control, and locks when nobody looks.
//
// A form with data-save posts what was changed in it, with the record as it was shown; the
// answer brings that record anew. One request at a time, so that each is against what the
// one before it has saved. With data-whole it posts everything that was ever changed in it,
// since nothing of what was saved can be read again.
const json = { "Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded" };
const quiet = 800, longest = 2000, patience = 15000;
const typing = [], page = document.body.dataset, whole = document.documentElement;
let leaving = false; // nobody is asked on the way out

for (const form of document.querySelectorAll("form[data-save]")) typing.push(keep(form));

function keep(form) {
  const dirty = new Set(), ever = new Set(), refused = new Map(), status = document.querySelector(`[data-saved="${form.id}"]`);
  const flying = new Map(); // what was sent and not answered, by its number
  const name = Math.random().toString(36).slice(2);
  let sent = 0, answered = 0, timer = 0, since = 0, under = Promise.resolve(), failed = false;
  for (const b of form.querySelectorAll("[data-plain]")) b.hidden = true;

  const say = (text) => { if (status) status.textContent = text; };
  const wait = (ms) => { clearTimeout(timer); timer = setTimeout(send, Math.max(0, Math.min(ms, since + longest - Date.now()))); };
  const touch = (e, ms) => {
    const control = e.target.name;
    if (!control || control.startsWith("_") || e.target.type === "hidden") return;
    dirty.add(control);
    ever.add(control);
    since ||= Date.now();
    wait(ms);
  };
  form.addEventListener("input", (e) => touch(e, e.inputType === "insertFromPaste" ? 0 : quiet));
  form.addEventListener("change", (e) => touch(e, 0));
  form.addEventListener("focusout", () => dirty.size && wait(0));
  // Enter in a field saves as waiting would, and stays where it is.
  form.addEventListener("submit", (e) => {
    if (!e.submitter?.matches("[data-enter], [data-plain]")) return;
    e.preventDefault();
    since ||= Date.now();
    wait(0);
  });

  // send sends what was changed, once what is under way was answered. At the last it sends
  // at once, with what is under way, which may never have arrived.
  function send(last) {
    clearTimeout(timer);
    if (flying.size && last !== true || !dirty.size) return under;
    const n = ++sent, names = new Set("whole" in form.dataset ? ever : [...dirty, ...[...flying.values()].flatMap((f) => [...f])]);
    dirty.clear();
    since = 0;
    flying.set(n, names);
    return under = post(form.dataset.save, body(n, names)).then((answer) => settle(n, names, answer));
  }

  function body(n, names) {
    const pairs = [["as", form.elements.as.value], ["_page", form.elements._page.value], ["_window", name], ["_n", n]], all = new FormData(form);
    for (const control of names) {
      const values = all.getAll(control);
      for (const v of values) pairs.push([control, v]);
      if (!values.length) pairs.push(["has", control]);
    }
    return encode(pairs);
  }

  function settle(n, names, answer) {
    flying.delete(n);
    if (n < answered || answer?.late) return;
    if (!answer || answer.failed) {
      if (n < sent) return; // what was sent after it has its words
      for (const control of names) dirty.add(control);
      say(answer ? answer.failed : page.waiting || "");
      failed = true;
      timer = setTimeout(send, longest);
      return;
    }
    answered = n;
    failed = false;
    if (answer.as) form.elements.as.value = answer.as;
    for (const control of names) { refused.delete(control); mark(form, control, ""); }
    for (const [control, text] of Object.entries(answer.refused || {})) refused.set(control, text);
    const kept = (control) => dirty.has(control.name) || refused.has(control.name);
    for (const [id, html] of Object.entries(answer.parts || {})) replace(id, html, kept);
    for (const [control, text] of refused) mark(form, control, text);
    say(answer.saved || "");
    if (dirty.size) wait(quiet);
  }

  return {
    send,
    unsaved: () => dirty.size + flying.size > 0,
    // lost: what is typed here goes with the page.
    lost: () => failed || refused.size > 0 || dirty.size > 0 && size(body(0, dirty)) > mostKept,
    // saved waits until nothing waits; false: it cannot be saved now.
    saved: async () => {
      while (dirty.size + flying.size > 0) {
        await send();
        if (failed) return false;
      }
      return true;
    },
  };
}

// encode writes a form, with letters of every script as they are: a page that goes may send
// 64 KiB, and %D0%B0 is six bytes of it.
const plain = (s) => String(s).replace(/\r?\n/g, "\r\n").replace(/[^A-Za-z0-9*._\u0080-\uffff-]/g, encodeURIComponent);
const encode = (pairs) => pairs.map(([name, value]) => plain(name) + "=" + plain(value)).join("&");
const size = (text) => new TextEncoder().encode(text).length;

const mostKept = 60000; // bytes that the browser sends of pages that are gone
let keeping = 0;

// post sends a form and gives its answer; null when it has not arrived.
async function post(url, body) {
  const bytes = size(body), keepalive = keeping + bytes <= mostKept;
  if (keepalive) keeping += bytes;
  try {
    const r = await fetch(url, { method: "POST", headers: json, body, keepalive, redirect: "manual", signal: AbortSignal.timeout?.(patience) });
    if (r.type === "opaqueredirect") { go("/unlock"); return null; }
    if (!(r.headers.get("Content-Type") || "").startsWith("application/json")) return null;
    return await r.json();
  } catch { return null; } finally { if (keepalive) keeping -= bytes; }
}

// go leaves without asking, and without a way back to the page.
function go(url) { leaving = true; location.replace(url); }

const unsaved = () => typing.some((f) => f.unsaved());
const saved = () => Promise.all(typing.map((f) => f.saved())).then((all) => all.every(Boolean));
const soon = (ms) => new Promise((done) => setTimeout(done, ms));

// A link and a button wait for what was typed: the page that comes shows it. A link goes all
// the same where it cannot be saved, and the browser asks; a button stays.
document.addEventListener("click", (e) => {
  const a = e.target.closest("a[href]");
  if (!a || e.defaultPrevented || e.button || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey || a.target || a.hash && a.pathname + a.search === location.pathname + location.search || !unsaved()) return;
  e.preventDefault();
  Promise.race([saved(), soon(longest)]).then(() => { location.href = a.href; });
});
document.addEventListener("submit", (e) => {
  if (e.defaultPrevented || !unsaved()) return;
  e.preventDefault();
  const { target, submitter } = e;
  saved().then((all) => { if (all && (!submitter || submitter.form === target)) target.requestSubmit(submitter); });
});

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

// Nothing typed is lost when the page goes: it is sent at once, and where it cannot be the
// browser asks.
const flush = () => { for (const f of typing) f.send(true); };
addEventListener("visibilitychange", () => { if (document.hidden) flush(); });
addEventListener("beforeunload", (e) => {
  const lost = typing.some((f) => f.lost());
  flush();
  if (lost && !leaving) e.preventDefault();
});
addEventListener("pagehide", (e) => {
  flush();
  if (e.persisted) whole.style.display = "none"; // as it was it is shown to nobody
});

// A page that the browser kept would show what was read before the lock.
addEventListener("pageshow", (e) => { if (e.persisted) location.reload(); });

const ask = (url, values) => fetch(url, { method: "POST", headers: json, body: new URLSearchParams(values), keepalive: true, redirect: "manual" });

// The lock is the way out, of every window: the pages go at once, what was typed in them is
// saved, the folder is locked, and an empty page takes the place of each.
const others = new BroadcastChannel("daylight");
let busy = 0; // other windows that save
others.addEventListener("message", async (e) => {
  if (e.data !== "lock") { busy += e.data; return; }
  whole.style.display = "none";
  if (unsaved()) {
    others.postMessage(1);
    await Promise.race([saved(), soon(1500)]);
    others.postMessage(-1);
  }
  go(page.away || "/away");
});
for (const form of document.querySelectorAll("form[data-lock]")) form.addEventListener("submit", async (e) => {
  e.preventDefault();
  whole.style.display = "none";
  others.postMessage("lock");
  const end = soon(1500);
  await Promise.race([Promise.all([saved(), soon(50)]), end]); // by then the others have said that they save
  while (busy > 0 && await Promise.race([soon(20).then(() => true), end.then(() => false)]));
  try { await ask(form.getAttribute("action"), {}); } catch { /* it goes all the same */ }
  go(page.away);
});

// A window says whether somebody sees it; when nobody does for a while, the folder is locked.
// What was on a page out of sight is shown again when the answer has come.
if (page.here) {
  const name = Math.random().toString(36).slice(2);
  const tell = async (gone) => {
    try {
      const r = await ask(page.here, { window: name, state: gone || document.hidden ? "hidden" : "visible" });
      if ((await r.json()).locked) { go("/unlock"); return; }
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
    if (r.type === "opaqueredirect") { go("/unlock"); return; }
    const answer = await r.json();
    for (const [id, html] of Object.entries(answer.parts)) if (document.getElementById(id)?.dataset.html !== html) {
      replace(id, html);
      document.getElementById(id).dataset.html = html;
    }
    if (!answer.running) { location.replace("/send"); return; }
  } catch { /* asked again */ }
  setTimeout(follow, 700, url);
}
