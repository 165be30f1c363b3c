#!/usr/bin/env node
// Makes public/emoji.txt, the table of the emoji picker, which the page fetches when the picker is first used.
//
//   npm install --no-save --prefix target/emoji emojibase-data@17.0.0
//   node scripts/make-emoji.mjs target/emoji/node_modules/emojibase-data >public/emoji.txt
//
// The names, words and groups are those of emojibase-data (MIT, Copyright (c) 2017-2019 Miles Johnson), which takes them
// from Unicode CLDR (Unicode License v3); the shortcodes are those that GitHub uses. Run again for a newer Unicode.
//
// A line that begins with "=" names a group; every other line is an emoji, with tabs between: the emoji; how it takes a
// skin tone (nothing: not at all, 1: behind its first character, 2: behind each person in it); its shortcodes; its
// name, unless the first shortcode says the same; more words to find it by.
import { readFileSync } from "node:fs";
import { join } from "node:path";

// What is newer is an empty box on too many devices still.
const NEWEST = 15;

const folder = process.argv[2];
if (!folder) throw new Error("name the folder of emojibase-data");
const read = (name) => JSON.parse(readFileSync(join(folder, name), "utf8"));
const [emoji, messages, github, more] =
  ["en/data.json", "en/messages.json", "en/shortcodes/github.json", "en/shortcodes/emojibase.json"].map(read);

const TONES = ["\u{1F3FB}", "\u{1F3FC}", "\u{1F3FD}", "\u{1F3FE}", "\u{1F3FF}"];
const PEOPLE = ["\u{1F468}", "\u{1F469}", "\u{1F9D1}"];
const behindFirst = (text, tone, [first, ...rest] = text) => first + tone + rest.join("").replace(/^\uFE0F/, "");
const behindPeople = (text, tone) => [...text].map((c) => (PEOPLE.includes(c) ? c + tone : c)).join("");

// As others send it: what is a picture by itself is not told to be one.
const plain = (text) => text.replace(/(\p{Emoji_Presentation})\uFE0F/gu, "$1");

const tones = (emoji, { skins, label }) => {
  if (!skins) return "";
  // The same tone for everybody in it.
  const known = TONES.map((_, n) => skins.find(({ tone }) => [tone].flat().every((one) => one === n + 1)).emoji).map(plain);
  const rule = [behindFirst, behindPeople].findIndex((make) => TONES.every((t, n) => make(emoji, t) === known[n]));
  if (rule < 0) throw new Error(`no rule for the skin tones of ${label}`);
  return rule + 1;
};

const line = (one) => {
  const codes = [github[one.hexcode] ?? more[one.hexcode]].flat();
  const name = one.label.replace(/^flag: /, "");
  const said = [name, ...codes].join(" ").toLowerCase().split(/[^\p{L}\p{N}]+/u);
  const words = (one.tags ?? []).map((tag) => tag.toLowerCase()).filter((tag) => !said.includes(tag) && !tag.includes(" "));
  const shown = plain(one.emoji);
  return [shown, tones(shown, one), codes.join(" "), codes[0].replaceAll("_", " ") === name ? "" : name, words.join(" ")]
    .join("\t")
    .trimEnd();
};

const out = ["# From emojibase-data, MIT, Copyright (c) 2017-2019 Miles Johnson. Made by scripts/make-emoji.mjs."];
for (const { key, message, order } of messages.groups) {
  // Hair and skin on their own.
  if (key === "component") continue;
  out.push(`=${message[0].toUpperCase()}${message.slice(1)}`);
  const members = emoji.filter(({ group, version }) => group === order && version <= NEWEST);
  out.push(...members.sort((a, b) => a.order - b.order).map(line));
}
console.log(out.join("\n"));
