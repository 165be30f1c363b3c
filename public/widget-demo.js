// The demo: the address bar, or else this copy's config.json, says whom the chats of the page talk to.
const asked = new URLSearchParams(location.search);
const form = document.getElementById("asked");
const config = await fetch("config.json").then((answer) => answer.json()).catch(() => ({}));
const chats = [...document.querySelectorAll("waxwing-chat")];

for (const name of ["service", "domain", "peer"]) {
  const value = asked.get(name) ?? (typeof config[name] === "string" ? config[name] : "");
  form.elements[name].value = value;
  if (value) for (const chat of chats) chat[name] = value;
}
for (const name of ["rooms", "ask", "hours", "theme"]) {
  if (asked.has(name)) for (const chat of chats) chat[name] = asked.get(name);
}
// One of these in place of a person.
for (const name of ["room", "desk"]) {
  if (!asked.has(name)) continue;
  for (const chat of chats) {
    chat.peer = null;
    chat[name] = asked.get(name);
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  location.search = new URLSearchParams(new FormData(form)).toString();
});
