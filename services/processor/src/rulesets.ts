import type { Ruleset } from "@mayday/queue";
import type { Rule } from "./rule.ts";
import { collectorMetadata } from "./rules/identity/collector-metadata.ts";
import { crashReportKeys } from "./rules/identity/crash-report-keys.ts";
import { datesAndTimes } from "./rules/identity/dates-and-times.ts";
import { deNone } from "./rules/identity/de-none.ts";
import { deNull } from "./rules/identity/de-null.ts";
import { identifier } from "./rules/identity/identifier.ts";
import { minidumpSha256Hash } from "./rules/identity/minidump-sha256-hash.ts";
import { processType } from "./rules/identity/process-type.ts";
import { reportType } from "./rules/identity/report-type.ts";
import { submittedFrom } from "./rules/identity/submitted-from.ts";
import { javaStackTrace } from "./rules/java/java-stack-trace.ts";
import { memoryReportExtraction } from "./rules/memory/memory-report-extraction.ts";
import { outOfMemoryBinary } from "./rules/memory/out-of-memory-binary.ts";
import { phc } from "./rules/memory/phc.ts";
import { phcStacks } from "./rules/memory/phc-stacks.ts";
import { androidCpuInfo } from "./rules/mozilla/android-cpu-info.ts";
import { androidOsInfo } from "./rules/mozilla/android-os-info.ts";
import { breadcrumbs } from "./rules/mozilla/breadcrumbs.ts";
import { convertModuleSignatureInfo } from "./rules/mozilla/convert-module-signature-info.ts";
import { cpuInfo } from "./rules/mozilla/cpu-info.ts";
import { macBootArgs } from "./rules/mozilla/mac-boot-args.ts";
import { macCrashInfo } from "./rules/mozilla/mac-crash-info.ts";
import { mozCrashReason } from "./rules/mozilla/moz-crash-reason.ts";
import { osInfo } from "./rules/mozilla/os-info.ts";
import { osPrettyVersion } from "./rules/mozilla/os-pretty-version.ts";
import { platformInfo } from "./rules/mozilla/platform-info.ts";
import { accessibility } from "./rules/product/accessibility.ts";
import { addons } from "./rules/product/addons.ts";
import { betaVersion } from "./rules/product/beta-version.ts";
import { copyFromRawCrash } from "./rules/product/copy-from-raw-crash.ts";
import { distributionId } from "./rules/product/distribution-id.ts";
import { esrVersionRewrite } from "./rules/product/esr-version-rewrite.ts";
import { fenixVersionRewrite } from "./rules/product/fenix-version-rewrite.ts";
import { majorVersion } from "./rules/product/major-version.ts";
import { plugin } from "./rules/product/plugin.ts";
import { themePrettyName } from "./rules/product/theme-pretty-name.ts";
import { utilityActorsName } from "./rules/product/utility-actors-name.ts";
import { crashInconsistencies } from "./rules/stack/crash-inconsistencies.ts";
import { crashingThreadInfo } from "./rules/stack/crashing-thread-info.ts";
import { hasGuardPageAccess } from "./rules/stack/has-guard-page-access.ts";
import { minidumpStackwalk } from "./rules/stack/minidump-stackwalk.ts";
import { missingSymbols } from "./rules/stack/missing-symbols.ts";
import { moduleUrlRewrite } from "./rules/stack/module-url-rewrite.ts";
import { modulesInStack } from "./rules/stack/modules-in-stack.ts";
import { possibleBitFlips } from "./rules/stack/possible-bit-flips.ts";
import { shutdownHangCrashingThread } from "./rules/stack/shutdown-hang-crashing-thread.ts";
import { signatureGenerator } from "./rules/stack/signature-generator.ts";
import { softErrors } from "./rules/stack/soft-errors.ts";
import { threadCount } from "./rules/stack/thread-count.ts";
import { topMostFiles } from "./rules/stack/top-most-files.ts";
import { truncateStacks } from "./rules/stack/truncate-stacks.ts";

/** Which rules these are, as documents have it: counted up when a rule gives other answers. */
export const RULES_VERSION = "3";

/** The rules in the order in which they run, which is Socorro's: each may read what those before it wrote. */
export const rulesets: Readonly<Record<Ruleset, readonly Rule[]>> = {
  default: [
    deNull,
    deNone,
    crashReportKeys,
    collectorMetadata,
    convertModuleSignatureInfo,
    copyFromRawCrash,
    fenixVersionRewrite,
    esrVersionRewrite,
    submittedFrom,
    identifier,
    minidumpSha256Hash,
    minidumpStackwalk,
    moduleUrlRewrite,
    crashingThreadInfo,
    truncateStacks,
    possibleBitFlips,
    crashInconsistencies,
    hasGuardPageAccess,
    majorVersion,
    plugin,
    processType,
    accessibility,
    addons,
    datesAndTimes,
    outOfMemoryBinary,
    phc,
    phcStacks,
    breadcrumbs,
    javaStackTrace,
    macBootArgs,
    macCrashInfo,
    mozCrashReason,
    utilityActorsName,
    reportType,
    cpuInfo,
    androidCpuInfo,
    distributionId,
    osInfo,
    androidOsInfo,
    platformInfo,
    betaVersion,
    osPrettyVersion,
    topMostFiles,
    modulesInStack,
    missingSymbols,
    themePrettyName,
    memoryReportExtraction,
    softErrors,
    threadCount,
    signatureGenerator,
    shutdownHangCrashingThread,
  ],
  // The stack and all that was made of the annotations are as they are stored.
  regenerate_signature: [signatureGenerator],
};
