import type { Ruleset } from "@mayday/queue";
import type { Rule } from "./rule.ts";
import { cleanAnnotations } from "./rules/clean-annotations.ts";
import { collectorMetadata } from "./rules/collector-metadata.ts";
import { copyFromRawCrash } from "./rules/copy-from-raw-crash.ts";
import { crashReportKeys } from "./rules/crash-report-keys.ts";
import { crashingThreadInfo } from "./rules/crashing-thread-info.ts";
import { datesAndTimes } from "./rules/dates-and-times.ts";
import { distributionId } from "./rules/distribution-id.ts";
import { identifier } from "./rules/identifier.ts";
import { minidumpStackwalk } from "./rules/minidump-stackwalk.ts";
import { mozCrashReason } from "./rules/moz-crash-reason.ts";
import { osPrettyVersion } from "./rules/os-pretty-version.ts";
import { platform } from "./rules/platform.ts";
import { processType } from "./rules/process-type.ts";
import { esrVersion, majorVersion } from "./rules/product-version.ts";
import { reportType } from "./rules/report-type.ts";
import { signature } from "./rules/signature.ts";
import { softErrors } from "./rules/soft-errors.ts";
import { missingSymbols, modulesInStack, topmostFilenames } from "./rules/stack-summary.ts";
import { submittedFrom } from "./rules/submitted-from.ts";
import { truncateStacks } from "./rules/truncate-stacks.ts";

/** The rules in the order in which they run: each may read what those before it wrote. */
export const rulesets: Readonly<Record<Ruleset, readonly Rule[]>> = {
  default: [
    cleanAnnotations,
    identifier,
    crashReportKeys,
    collectorMetadata,
    copyFromRawCrash,
    esrVersion,
    majorVersion,
    submittedFrom,
    processType,
    datesAndTimes,
    mozCrashReason,
    distributionId,
    minidumpStackwalk,
    crashingThreadInfo,
    truncateStacks,
    platform,
    osPrettyVersion,
    reportType,
    topmostFilenames,
    modulesInStack,
    missingSymbols,
    softErrors,
    signature,
  ],
  regenerate_signature: [signature],
};
