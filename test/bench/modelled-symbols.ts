import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { type Draw, draws } from "../mulberry32.ts";

/** The model of a large module: figures of Windows' xul.dll, about 500 MB of text. */
interface SymbolModel {
  readonly functions: number;
  readonly files: number;
  readonly origins: number;
  readonly publics: number;
  readonly linesPerFunction: number;
  readonly inlinesPerFunction: number;
  readonly cfiRowsPerFunction: number;
}

const xulModel: SymbolModel = {
  functions: 450_000,
  files: 20_000,
  origins: 150_000,
  publics: 30_000,
  linesPerFunction: 12,
  inlinesPerFunction: 3,
  cfiRowsPerFunction: 13,
};

const NAMESPACES =
  "mozilla dom layers gfx ipc net image css a11y storage webgl media psm places intl loader extensions wr js jit wasm frontend gc irregexp webrtc cricket rtc icu_74 skia SkSL blink std core alloc servo style style_traits webrender".split(
    " ",
  );
const NOUNS =
  "Element Document Window Channel Stream Buffer Cache Manager Child Parent Actor Promise Request Response Listener Observer Frame Layer Surface Texture Shader Context Script Module Binding Iterator Range Selection Event Target Node List Map Set Table Entry Handle Proxy Wrapper Runnable Task Queue Thread Pool Monitor Lock".split(
    " ",
  );
const VERBS =
  "Get Set Add Remove Create Destroy Init Shutdown Update Notify Handle Process Dispatch Resolve Reject Open Close Read Write Flush Commit Paint Reflow Append Insert Find Lookup Has Is Should Can Maybe Ensure Enqueue Serialize Deserialize Recv Send Begin End On".split(
    " ",
  );
const TYPES = [
  "JSContext *",
  "nsTSubstring<char16_t> const&",
  "RefPtr<mozilla::dom::Promise>&",
  "mozilla::ErrorResult&",
  "unsigned int",
  "bool",
  "JS::Handle<JSObject *>",
  "mozilla::Maybe<mozilla::gfx::IntRectTyped<mozilla::gfx::UnknownUnits>> const&",
  "nsTArray<RefPtr<nsISupports>> &&",
  "std::function<void (mozilla::ipc::ResponseRejectReason)> &&",
];

/**
 * Writes a symbol file of the model and returns its length in bytes. The records are those that Mozilla's dump_syms
 * writes for a 64-bit Windows library; what they name is made up.
 */
export async function writeModelledSymbols(path: string, model: SymbolModel = xulModel): Promise<number> {
  const out = createWriteStream(path, { highWaterMark: 1 << 22 });
  let length = 0;
  let pending: string[] = [];
  const flush = async () => {
    const bytes = Buffer.from(pending.join(""));
    pending = [];
    length += bytes.length;
    if (!out.write(bytes)) await once(out, "drain");
  };
  let count = 0;
  for (const text of records(model)) {
    pending.push(text);
    if (++count % 20_000 === 0) await flush();
  }
  await flush();
  out.end();
  await once(out, "close");
  return length;
}

function* records(model: SymbolModel): Iterable<string> {
  const draw = draws(1);
  yield `MODULE windows x86_64 4C4C44D855553144A1B2C3D4E5F607081 xul.pdb\n`;
  yield `INFO CODE_ID 65A1B2C38E4F000 xul.dll\nINFO GENERATOR modelled\n`;
  for (let id = 0; id < model.files; id++) yield `FILE ${id} ${fileName(id, draw)}\n`;
  for (let id = 0; id < model.origins; id++) yield `INLINE_ORIGIN ${id} ${functionName(draw)}\n`;
  const starts: number[] = [];
  const sizes: number[] = [];
  let address = 0x1000;
  for (let index = 0; index < model.functions; index++) {
    const size = 40 + draw(80) + (draw(8) === 0 ? draw(1200) : draw(160));
    starts.push(address);
    sizes.push(size);
    yield functionRecords(address, size, model, draw);
    address += (size + 15) & ~15;
  }
  for (let index = 0; index < model.publics; index++) {
    yield `PUBLIC ${(address + index * 48).toString(16)} 0 ${functionName(draw)}\n`;
  }
  for (const [index, start] of starts.entries()) yield frameRecords(start, sizes[index]!, model, draw);
}

/** One of so many, the first ones far more often: a tenth of the headers has more than half of what is inlined. */
function popular(count: number, draw: Draw): number {
  return Math.floor(count * (draw(1 << 20) / (1 << 20)) ** 4);
}

const pick = (words: readonly string[], draw: Draw) => words[draw(words.length)]!;

function fileName(id: number, draw: Draw): string {
  const path = `${pick(NAMESPACES, draw)}/${pick(NOUNS, draw).toLowerCase()}/${pick(VERBS, draw)}${pick(NOUNS, draw)}${id}.cpp`;
  return draw(20) === 0
    ? `s3:gecko-generated-sources:${"0123456789abcdef".repeat(8)}/ipc/ipdl/P${pick(NOUNS, draw)}${id}.cpp:`
    : `hg:hg.mozilla.org/releases/mozilla-release:${path}:b9ecf1a4d1b1c2b8e4f0f3a0f1d2c3b4a5968778`;
}

function functionName(draw: Draw): string {
  const scopes = Array.from({ length: 1 + draw(3) }, () => pick(NAMESPACES, draw));
  const owner = pick(NOUNS, draw) + pick(NOUNS, draw);
  const template = draw(6) === 0 ? `<${pick(TYPES, draw)}, ${pick(TYPES, draw)}>` : "";
  const parameters = Array.from({ length: draw(4) }, () => pick(TYPES, draw)).join(", ");
  return `${scopes.join("::")}::${owner}${template}::${pick(VERBS, draw)}${pick(NOUNS, draw)}${draw(1000)}(${parameters})`;
}

/** FUNC, then INLINE, then lines: inlined ranges nest, and lines are short runs without gaps. */
function functionRecords(start: number, size: number, model: SymbolModel, draw: Draw): string {
  let text = `FUNC ${draw(30) === 0 ? "m " : ""}${start.toString(16)} ${size.toString(16)} 0 ${functionName(draw)}\n`;
  const file = draw(model.files);
  const line = 20 + draw(4000);
  let from = start;
  let span = size;
  for (let depth = 0; depth < model.inlinesPerFunction; depth++) {
    from += 1 + draw(Math.max(1, span >> 2));
    span = Math.max(1, span >> 1);
    text += `INLINE ${depth} ${line + draw(40)} ${depth === 0 ? file : popular(model.files, draw)} ${popular(model.origins, draw)} ${from.toString(16)} ${Math.min(span, start + size - from).toString(16)}\n`;
  }
  const lines = model.linesPerFunction;
  let at = start;
  for (let index = 0; index < lines; index++) {
    const left = start + size - at;
    const length =
      index === lines - 1
        ? left
        : Math.max(1, Math.min(left - (lines - index), draw((2 * size) / lines) | 0));
    const away = draw(3) === 0;
    text += `${at.toString(16)} ${length.toString(16)} ${away ? draw(2000) : line + index} ${away ? popular(model.files, draw) : file}\n`;
    at += length;
  }
  return text;
}

const SAVED = ["$rbx", "$rbp", "$rsi", "$rdi", "$r12", "$r13", "$r14", "$r15"];

/** A prolog that pushes registers, then makes room; each step has its rules, as unwind codes become them. */
function frameRecords(start: number, size: number, model: SymbolModel, draw: Draw): string {
  let text = `STACK CFI INIT ${start.toString(16)} ${size.toString(16)} .cfa: $rsp 8 + .ra: .cfa 8 - ^\n`;
  const pushes = Math.min(SAVED.length, Math.floor(model.cfiRowsPerFunction * (0.5 + draw(100) / 200)));
  let at = start;
  let depth = 8;
  for (let push = 0; push < pushes; push++) {
    at += 1 + (push & 1);
    depth += 8;
    text += `STACK CFI ${at.toString(16)} .cfa: $rsp ${depth} + ${SAVED[push]}: .cfa ${depth} - ^\n`;
  }
  depth += 8 * (4 + draw(40));
  text += `STACK CFI ${(at + 4).toString(16)} .cfa: $rsp ${depth} +\n`;
  // The epilog gives the room back, then returns.
  const end = start + size;
  return `${text}STACK CFI ${(end - 2).toString(16)} .cfa: $rsp 16 +\nSTACK CFI ${(end - 1).toString(16)} .cfa: $rsp 8 +\n`;
}
