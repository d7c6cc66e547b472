import { rule } from "../../rule.ts";
import { annotationText } from "../../values/annotation-text.ts";

/** The architectures of Android's binary interfaces. */
const ARCHITECTURES = new Map([
  ["armeabi-v7a", "arm"],
  ["arm64-v8a", "arm64"],
  ["x86_64", "amd64"],
]);

/** The architecture by the device's binary interface, where no dump tells it. */
export const androidCpuInfo = rule({
  name: "AndroidCPUInfoRule",
  annotations: ["Android_CPU_ABI"],
  reads: ["cpu_arch"],
  writes: ["cpu_arch"],
  act({ raw, processed }) {
    const abi = annotationText(raw.Android_CPU_ABI);
    if (processed.cpu_arch !== "unknown" || abi === undefined) return;
    processed.cpu_arch = ARCHITECTURES.get(abi) ?? abi;
  },
});
