import type { JsonDumpOptions } from "./json-dump.ts";

/**
 * What Firefox's annotations add to a walk: who signed the modules (`ModuleSignatureInfo`: certificate → module names,
 * an object or the JSON text of one), and the processor's microcode (`CPUMicrocodeVersion`). Whatever is of another
 * form is left out.
 */
export function clientAnnotations(annotations: Readonly<Record<string, unknown>>): JsonDumpOptions {
  const microcode = annotations["CPUMicrocodeVersion"];
  const certificates = certificatesOf(annotations["ModuleSignatureInfo"]);
  return {
    ...(typeof microcode === "string" ? { microcode } : {}),
    ...(certificates.size > 0 ? { certificates } : {}),
  };
}

function certificatesOf(told: unknown): Map<string, string> {
  const byModule = new Map<string, string>();
  const signed = typeof told === "string" ? parsed(told) : told;
  if (typeof signed !== "object" || signed === null || Array.isArray(signed)) return byModule;
  for (const [certificate, modules] of Object.entries(signed)) {
    // One that is of another form spoils the whole for minidump-stackwalk; here it costs only itself.
    if (!Array.isArray(modules)) continue;
    for (const module of modules) if (typeof module === "string") byModule.set(module, certificate);
  }
  return byModule;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
