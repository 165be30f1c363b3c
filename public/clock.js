// The alarm of the page: a worker's timers run on time while the page is hidden. A number sets it to that many
// milliseconds from now, null stops it.
let timer;
onmessage = ({ data }) => {
  clearTimeout(timer);
  if (data !== null) timer = setTimeout(() => postMessage(null), data);
};
