// A page that has the chat from the package: what it says here must be what the types allow.
import { WaxwingChat, type WaxwingChatEventMap } from "waxwing-chat";

const asked = new URLSearchParams(location.search);
const chat = document.createElement("waxwing-chat");
chat.service = asked.get("service") ?? "";
chat.domain = asked.get("domain") ?? "";
chat.peer = asked.get("peer") ?? "";
chat.nickname = "Visitor";
chat.label = "Ask us";

const tell = <K extends keyof WaxwingChatEventMap>(name: K, words: (detail: WaxwingChatEventMap[K]["detail"]) => string) =>
  chat.addEventListener(name, (event) => {
    document.body.dataset[name.replace("waxwing-", "")] = words(event.detail);
  });
tell("waxwing-ready", () => "yes");
tell("waxwing-message", ({ direction, text }) => `${direction}: ${text}`);
tell("waxwing-connection", ({ state }) => state);
tell("waxwing-error", ({ code }) => code);

document.body.append(chat);
document.body.dataset.defined = String(chat instanceof WaxwingChat && chat.unread === 0 && !chat.isOpen);

// @ts-expect-error The types know what modes there are.
chat.mode = "sideways";
chat.mode = "launcher";
