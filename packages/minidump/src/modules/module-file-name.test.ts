import { describe, expect, it } from "vitest";
import { moduleFileName } from "./module-file-name.ts";

describe("the name of a module's file", () => {
  it.each([
    ["/usr/lib/firefox/libxul.so (deleted)", "Linux", "libxul.so"],
    ["/memfd:pulseaudio (deleted)", "Linux", "memfd:pulseaudio"],
    ["/data/app/x/base.apk!/lib/arm64-v8a/libfoo.so", "Android", "libfoo.so"],
    ["/data/app/x/base.apk!libfoo.so", "Android", "libfoo.so"],
    ["/data/app/x/split_config.arm64_v8a.apk!libfoo.so", "Android", "libfoo.so"],
    ["/data/app/x/base.apk!/lib/x86/libfoo.so (deleted) (deleted)", "Android", "libfoo.so"],
    ["/data/app/x/entry.hap!libfoo.so", "Linux", "libfoo.so"],
    ["/data/app/x/base.apk", "Android", "base.apk"],
    ["/opt/wow!.so", "Linux", "wow!.so"],
    ["C:\\Program Files\\app (deleted)", "Windows NT", "app (deleted)"],
    ["C:\\dir/mixed\\app.dll", "Windows NT", "app.dll"],
    ["libfoo.so\0garbage", "Linux", "libfoo.so"],
    ["a\x1b[31mred\nThread 9", "Linux", "a[31mredThread 9"],
    ["\u202egnp.exe", "Windows NT", "gnp.exe"],
    ["", "Linux", ""],
  ] as const)("of %j on %s is %j", (path, os, name) => {
    expect(moduleFileName(path, os)).toBe(name);
  });
});
