// Keeps what a caller writes as they talk: each change goes to the same form's own server, nothing stays on this computer
// (it may be shared, so no storage of the browser's is used). When the line is down it says so and tries again.
const form = document.getElementById("answers");
const said = document.getElementById("saved");
const stop = document.getElementById("stop-now");
const words = document.getElementById("stop-words");
const AGAIN = 5000;
let dirty = false, sending = false, timer = 0;

function tell(text, isWrong) {
  if (said.textContent !== text) said.textContent = text;
  said.classList.toggle("calls-saved--wrong", isWrong);
}

function stopNow(lines) {
  const wasHidden = stop.hidden;
  stop.hidden = lines.length === 0;
  words.replaceChildren(...lines.map((line) => {
    const item = document.createElement("li"), strong = document.createElement("strong");
    strong.textContent = line;
    item.append(strong);
    return item;
  }));
  if (wasHidden && !stop.hidden) {
    stop.scrollIntoView({ block: "start" });
    stop.focus({ preventScroll: true });
  }
}

async function save() {
  if (sending) return;
  sending = true;
  dirty = false;
  window.clearTimeout(timer);
  timer = 0;
  try {
    const answer = await fetch(form.dataset.save, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { Accept: "application/json" },
      redirect: "manual",
      signal: AbortSignal.timeout(15000),
    });
    if (answer.status === 409) {
      tell("Not kept: you do not have this call any more. Do not close this page; tell your supervisor.", true);
    } else if (answer.type === "opaqueredirect" || answer.status === 403) {
      dirty = true;
      tell("Not kept: you are signed out. Keep this page open, and sign in again on another one.", true);
      timer = window.setTimeout(save, AGAIN);
    } else if (!answer.ok) {
      throw new Error(String(answer.status));
    } else {
      const kept = await answer.json();
      tell(`Kept at ${kept.saved}.`, false);
      stopNow(kept.stop);
    }
  } catch {
    dirty = true;
    tell("Not kept: the connection is down. Keep this page open and go on; it is tried again by itself.", true);
    timer = window.setTimeout(save, AGAIN);
  } finally {
    sending = false;
    if (dirty && !timer) save();
  }
}

function soon(wait) {
  dirty = true;
  window.clearTimeout(timer);
  timer = window.setTimeout(() => { timer = 0; save(); }, wait);
}

// A group that only concerns whoever answers for somebody else comes and goes with that answer.
function showGroups() {
  for (const group of form.querySelectorAll("[data-when]")) {
    const [name, wanted] = group.dataset.when.split("=");
    group.hidden = new FormData(form).get(name) !== wanted;
  }
}

showGroups();
// With the arrow keys every answer on the way is chosen for a moment: none of them is what they said.
let byKey = false;
form.addEventListener("keydown", () => { byKey = true; });
form.addEventListener("pointerdown", () => { byKey = false; });
form.addEventListener("change", () => { showGroups(); soon(byKey ? 1000 : 0); });
form.addEventListener("input", (event) => { if (event.target.tagName === "TEXTAREA") soon(1500); });
window.addEventListener("online", () => { if (dirty) soon(0); });
let leaving = false;
document.addEventListener("submit", () => { leaving = true; });
window.addEventListener("beforeunload", (event) => { if (dirty && !leaving) event.preventDefault(); });
// A long talk without a tap is still a talk: the call stays held while somebody is at this page.
let seen = Date.now();
for (const kind of ["pointermove", "keydown", "scroll", "touchstart"]) {
  window.addEventListener(kind, () => { seen = Date.now(); }, { passive: true });
}
window.setInterval(() => { if (!document.hidden && Date.now() - seen < 900000) soon(0); }, 300000);
document.documentElement.classList.add("calls-saves-itself");
