const LONGEST_NAME = 200;

/**
 * The `Content-Disposition` of a file to be saved under a name that a client chose (RFC 6266): its last part, without
 * what steers terminals, directions of text or file systems.
 */
export function contentDisposition(fileName: string): string {
  const name = safeName(fileName);
  const ascii = name.replaceAll(/[^ -~]|[%"\\]/g, "_");
  if (ascii === name) return `attachment; filename="${name}"`;
  return `attachment; filename="${ascii}"; filename*=UTF-8''${extended(name)}`;
}

function safeName(fileName: string): string {
  const last = fileName.toWellFormed().split(/[/\\]/).at(-1) ?? "";
  const cleaned = last
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "")
    .replaceAll(/[<>:"|?*]/g, "_")
    .trim();
  // A name that begins with a dot is hidden; one that ends with one loses it on Windows.
  const name = shortened(cleaned.replace(/^\.+/, "")).replace(/[. ]+$/, "");
  return name === "" ? "attachment" : name;
}

/** The end of a name says what it is. */
function shortened(name: string): string {
  const characters = [...name];
  if (characters.length <= LONGEST_NAME) return name;
  const ending = /\.[A-Za-z0-9]{1,10}$/.exec(name)?.[0] ?? "";
  return characters.slice(0, LONGEST_NAME - ending.length).join("") + ending;
}

/** RFC 5987's value characters are fewer than those that encodeURIComponent leaves. */
function extended(name: string): string {
  return encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
