// Gives the elements of the demo what this copy's config.json says; the address bar may name the rest.
const asked = new URLSearchParams(location.search);
for (const name of ["service", "domain", "peer", "room", "theme"]) {
  if (asked.has(name)) for (const chat of document.querySelectorAll("waxwing-chat")) chat[name] = asked.get(name);
}
