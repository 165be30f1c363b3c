// Starts the program. The tag <script data-wasm data-js src=…/boot.js> says where it is.

const tell = (text) => {
  const place = document.getElementById("boot-problem");
  if (place) {
    place.textContent = text;
    place.hidden = false;
  }
};

// A program that was stopped by the browser (a trap, too little memory, too deep a stack) does nothing any more, and
// what is typed into its page goes nowhere. It cannot say so itself.
let stopped = false;
const fell = (error) => {
  const tooDeep = error instanceof RangeError && error.message.includes("stack");
  if (stopped || !(tooDeep || error instanceof WebAssembly.RuntimeError)) return;
  stopped = true;
  tell("Something went wrong in this page, and it stopped. ");
  const place = document.getElementById("boot-problem");
  if (!place) return;
  for (const other of document.body.children) other.inert = other !== place;
  const again = document.createElement("button");
  again.type = "button";
  again.textContent = "Reload";
  again.addEventListener("click", () => location.reload());
  place.append(again);
};
addEventListener("error", ({ error }) => fell(error));
addEventListener("unhandledrejection", ({ reason }) => fell(reason));

// Before anything is painted: the colours that were chosen on this device.
try {
  const theme = localStorage.getItem("waxwing.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // A browser that keeps nothing for this page shows the colours of the system.
}

// Enter before the program is there is remembered, and acted on when it takes over the form.
const form = document.querySelector("[data-testid=login-form]");
form?.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && form.querySelector("[type=submit]").disabled) form.dataset.early = "";
});

// Two scripts run apart from the page: the alarm (clock.js), and what keeps the page for a visit without a network
// (sw.js). Where Trusted Types are required, their addresses must be vouched for: this policy vouches for these two and
// no other. A page that admits neither goes without.
const beside = (name) => new URL(name, import.meta.url).href;
const [clock, shell] = [beside("clock.js"), beside("sw.js")];
let vouch = (url) => url;
try {
  const policy = globalThis.trustedTypes?.createPolicy("waxwing", {
    createScriptURL: (url) => {
      if (url !== clock && url !== shell) throw new TypeError("not a script of this page");
      return url;
    },
  });
  if (policy) vouch = (url) => policy.createScriptURL(url);
  globalThis.waxwingClock = () => new Worker(vouch(clock));
} catch {
  // The page's own timers do, a little late.
}

const boot = async () => {
  const { js, wasm } = document.querySelector("script[data-wasm]").dataset;
  // Asked for before the glue arrives. The glue compiles it while it comes in, or, where the server does not
  // know the type application/wasm, after that.
  const program = fetch(new URL(wasm, document.baseURI));
  program.catch(() => {});
  const { default: init } = await import(new URL(js, document.baseURI).href);
  const response = await program;
  if (!response.ok) throw new Error(`${response.status} for ${response.url}`);
  await init({ module_or_path: response });
};

// Not before the browser has nothing better to do: the first visit must not wait for what only later ones need.
const keepShell = () => {
  const keep = async () => {
    try {
      await navigator.serviceWorker.register(vouch(shell), { updateViaCache: "none" });
    } catch {
      // Then there is no page without a network.
    }
  };
  if ("serviceWorker" in navigator) (globalThis.requestIdleCallback ?? setTimeout)(keep);
};

boot().then(keepShell, (error) => {
  console.error(error);
  tell(
    typeof WebAssembly === "object"
      ? `This page could not be started. Loading it again may help. (${error.message})`
      : "This browser cannot run this page: it has no WebAssembly.",
  );
});
