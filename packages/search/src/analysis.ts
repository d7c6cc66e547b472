/**
 * The two analysers of Super Search's index: what they make of a text is what a search for words finds.
 *
 * `standardWords` follows Unicode's word boundaries (UAX #29) as Lucene's standard tokenizer reads them: Thai and its
 * neighbours stay one run, each ideograph and each Hiragana is a word, Katakana and Hangul run on, emoji are words.
 */

const LONGEST_WORD = 255;

// What belongs to the character before it; a zero-width space separates.
const EXTEND = String.raw`[[\p{M}\p{Cf}\p{Emoji_Modifier}\u200c\u200d]--[\u200b]]*`;
// Line breaking's "complex context": scripts that are written without spaces.
const UNSPACED = String.raw`\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tai_Le}\p{Script=New_Tai_Lue}\p{Script=Tai_Tham}\p{Script=Tai_Viet}\p{Script=Ahom}`;
const COMPLEX = String.raw`[[\p{L}\p{M}]&&[${UNSPACED}]]`;
const KANA = String.raw`\p{Script=Katakana}\u3031-\u3035\u309b\u309c\u30a0\u30fc\uff70`;
const KATAKANA = `[${KANA}]`;
const LETTER = String.raw`[[\p{Alphabetic}\u02c2-\u02c5\u02d2-\u02d7\u02de\u02df\u02ed\u02ef-\u02ff\u05f3]--[\p{M}\p{Ideographic}\p{Script=Hiragana}${KANA}${UNSPACED}]]`;
const HEBREW = String.raw`[\p{Script=Hebrew}&&\p{L}]`;
const DIGIT = String.raw`[\p{Nd}\u066b]`;
const JOINER = String.raw`[\p{Pc}\u202f]`;
const MID_LETTER = String.raw`[:\u00b7\u0387\u055f\u05f4\u2027\ufe13\ufe55\uff1a.\u2018\u2019\u2024\ufe52\uff07\uff0e']`;
const MID_NUMBER = String.raw`[,;\u037e\u0589\u060c\u060d\u066c\u07f8\u2044\ufe10\ufe14\ufe50\ufe54\uff0c\uff1b.\u2018\u2019\u2024\ufe52\uff07\uff0e']`;

const l = `(?:${LETTER}${EXTEND})`;
const d = `(?:${DIGIT}${EXTEND})`;
const j = `(?:${JOINER}${EXTEND})`;
const ml = `(?:${MID_LETTER}${EXTEND})`;
const mn = `(?:${MID_NUMBER}${EXTEND})`;
const k = `(?:${KATAKANA}${EXTEND})`;
const letters = `${l}+(?:${ml}${l}+)*`;
const digits = `${d}+(?:${mn}${d}+)*`;
const hebrew = `${HEBREW}${EXTEND}"${EXTEND}(?=${HEBREW})`;

const KEYCAP = "[0-9#*]\\ufe0f?\\u20e3";
const EMOJI_ONE = String.raw`(?:[\p{Extended_Pictographic}\p{Emoji_Presentation}]\ufe0e?\ufe0f?\p{Emoji_Modifier}?[\p{M}\u{e0020}-\u{e007f}]*)`;
const EMOJI = String.raw`(?:\p{Regional_Indicator}${EXTEND}\p{Regional_Indicator}${EXTEND}|${KEYCAP}|${EMOJI_ONE}(?:\u200d${EMOJI_ONE})*|[\p{Regional_Indicator}])`;

const WORD = new RegExp(
  [
    KEYCAP,
    // Letters and digits, joined by `_` and its kind; or a run of Katakana.
    `${j}*(?:(?:(?:${hebrew}|${letters}|${digits}|${k}+)${j}*)+)`,
    `${COMPLEX}${EXTEND}(?:${COMPLEX}${EXTEND})*`,
    String.raw`\p{Ideographic}${EXTEND}`,
    String.raw`\p{Script=Hiragana}${EXTEND}`,
    EMOJI,
  ].join("|"),
  "gv",
);

/** The words of a text, in order, in small letters. */
export function standardWords(text: string): string[] {
  const words: string[] = [];
  for (const [word] of text.matchAll(WORD)) {
    for (let at = 0; at < word.length; at += LONGEST_WORD)
      words.push(lowerCase(word.slice(at, at + LONGEST_WORD)));
  }
  return words;
}

/** The elements between semicolons, in small letters; empty ones vanish, others keep their blanks. */
export function semicolonElements(text: string): string[] {
  return lowerCase(text)
    .split(";")
    .filter((element) => element !== "");
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
const ASCII = /^[\u0000-\u007f]*$/;

/** Small letters, each code point for itself: JavaScript's own minds what stands around (final sigma) and makes two of `İ`. */
export function lowerCase(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  let lower = "";
  for (const character of text) {
    const small = character.toLowerCase();
    lower += small.length > character.length ? String.fromCodePoint(small.codePointAt(0)!) : small;
  }
  return lower;
}
