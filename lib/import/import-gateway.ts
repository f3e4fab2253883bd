// Imports a gateway: a captured configuration comes in; intents, the source of a stack, a report, the entries that
// stay on the device and the change of the exposure go out. lib/import knows no single platform (it asks the
// registry) and may not import generators. server/ imports servers from their running rules.

import { UNTRUSTED_STEP_BUDGET, runWithinBudget } from '../net/step-budget';
import { refuseComparison } from '../problems/step-budget-problems';
import { Problem, Refusal } from '../problems/problem';
import { InternetReachability, computeInternetReachability } from '../verifier/internet-reachability';
import { listVerificationProblems, verifyPolicy } from '../verifier/verify-policy';
import { ImportableConfig, ImportableEntry, SkippedEntry } from '../parse/config-importer';
import { platforms } from '../registry';
import { PlatformCapture, captureConfig } from './capture-config';
import {
  ExposureChanges,
  EvaluatedDevice,
  RegisteredPlatform,
  compareExposures,
  evaluateConfig,
} from './exposure-changes';
import { GatewayDraft, createGatewayDraft } from './gateway-draft';
import { ImportRefusal, describeLeftEntries, runImport } from './import-refusal';
import { resolveDraft } from './resolve-draft';

interface GatewayImportOptions {
  readonly device: string;
  readonly owner: string;
  readonly globalHelper: boolean;
}

/** A configuration as intents, the unmanaged config that stays on the device, and the changes of the exposure. */
export interface ImportedGateway {
  readonly draft: GatewayDraft;
  readonly captured: PlatformCapture['captured'];
  /** The captured config without the entries that the intents replace. */
  readonly unmanagedConfig: string;
  /** Entries that the intents replace. The operator takes them off the device. */
  readonly replacedEntries: readonly ImportableEntry[];
  readonly objections: readonly ImportObjection[];
  readonly skipped: readonly SkippedEntry[];
  readonly assumed: readonly SkippedEntry[];
  readonly changes: ExposureChanges;
  /** Problems for which synthesis would refuse the stack. */
  readonly refused: readonly Problem[];
  /** Reachability from the internet with the draft's policy. */
  readonly internetReachability: InternetReachability;
}

/**
 * An entry that is never carried over, and the exposure that it alone makes. It stays on the device until the operator
 * takes it off.
 */
interface ImportObjection extends SkippedEntry {
  readonly opens: readonly string[];
}

/** How many objections are compared. The others have an empty `opens`. */
const MAX_COMPARED_OBJECTIONS = 50;

/**
 * Imports the configuration of a gateway.
 *
 * @throws Refusal for a text that can't be captured, and ImportRefusal for one of which nothing could become an intent
 */
export function importGatewayConfig(text: string, options: GatewayImportOptions): ImportedGateway {
  const capture = captureConfig(text);
  const refuseTooMuch = (): never => refuseComparison('import/too-much-to-compare', 'the configuration');
  return runImport(() => runWithinBudget(UNTRUSTED_STEP_BUDGET, () => importCapture(capture, options), refuseTooMuch));
}

function importCapture({ platform, captured }: PlatformCapture, options: GatewayImportOptions): ImportedGateway {
  const { importer } = platform;
  if (!importer) throw new Refusal([describeNotImported(platform)]);
  const draftOptions = { ...options, platform: getPlatformId(platform) };
  const createUnmanagedConfig = (draft: GatewayDraft, deviceObjects: ImportableConfig): string =>
    importer.without(captured.text, listReplacedEntries(draft, deviceObjects));
  const {
    importable: deviceObjects,
    draft,
    policy,
  } = resolveDraft(
    (leftReasons) => {
      const currentObjects = importer.find(captured.text, leftReasons);
      if (!currentObjects.interfaces.some(({ role }) => role === 'outside'))
        throw new ImportRefusal(
          [describeNoOutside(platform, currentObjects)],
          describeLeftEntries(currentObjects.skipped),
        );
      return {
        importable: currentObjects,
        draft: createGatewayDraft(currentObjects, {
          ...draftOptions,
          version: resolveVersion(currentObjects, captured),
        }),
      };
    },
    createUnmanagedConfig,
    platform,
  );
  const unmanagedConfig = createUnmanagedConfig(draft, deviceObjects);
  const exposureBefore = evaluateConfig(platform, captured.text);
  const verification = verifyPolicy(policy, unmanagedConfig);
  return {
    draft,
    captured,
    unmanagedConfig,
    replacedEntries: listReplacedEntries(draft, deviceObjects),
    objections: deviceObjects.objections.map((objection, index) => ({
      ...objection,
      opens:
        index < MAX_COMPARED_OBJECTIONS
          ? compareExposures(
              exposureBefore,
              evaluateOrFallback(platform, importer.without(captured.text, [objection.entry]), exposureBefore),
            ).closed
          : [],
    })),
    skipped: deviceObjects.skipped,
    assumed: deviceObjects.assumed,
    changes: compareExposures(
      exposureBefore,
      evaluateConfig(platform, platform.generator.write(policy, unmanagedConfig).text),
    ),
    refused: listVerificationProblems(verification),
    internetReachability: computeInternetReachability({ verifications: [verification] }),
  };
}

/** Returns the entries that the draft replaces: a rule only if the draft has every mapping that it opens to. */
function listReplacedEntries(
  { mappings, virtualIps }: GatewayDraft,
  deviceObjects: ImportableConfig,
): readonly ImportableEntry[] {
  const draftedMappings = new Set(mappings.map((draftPart) => draftPart.entry));
  const ruleEntries = new Map<number, { readonly entry: ImportableEntry; isReplaced: boolean }>();
  for (const mapping of deviceObjects.mappings) {
    for (const { entry, opensMore } of mapping.allowRules) {
      const isReplaced = !opensMore && draftedMappings.has(mapping);
      ruleEntries.set(entry.line, {
        entry,
        isReplaced: isReplaced && (ruleEntries.get(entry.line)?.isReplaced ?? true),
      });
    }
  }
  return [
    ...virtualIps.map((draftPart) => draftPart.entry.entry),
    ...mappings.map((draftPart) => draftPart.entry.entry),
    ...[...ruleEntries.values()].flatMap(({ entry, isReplaced }) => (isReplaced ? [entry] : [])),
  ];
}

/** Evaluates a configuration without one entry. Returns the fallback if the parser refuses it. */
function evaluateOrFallback(
  platform: RegisteredPlatform,
  text: string,
  fallbackDevice: EvaluatedDevice,
): EvaluatedDevice {
  try {
    return evaluateConfig(platform, text);
  } catch (error) {
    if (error instanceof Refusal) return fallbackDevice;
    throw error;
  }
}

export const getPlatformId = (platform: RegisteredPlatform): string =>
  Object.entries(platforms).find(([, registered]) => registered === platform)![0];

export function resolveVersion(
  { version }: ImportableConfig,
  { version: declaredVersion }: PlatformCapture['captured'],
): string {
  if (version !== undefined) return version;
  throw new Refusal([
    {
      code: 'import/unknown-version',
      where: declaredVersion ? `line ${declaredVersion.line}` : 'the configuration',
      what: declaredVersion
        ? `It is a configuration of version ${declaredVersion.is.slice(0, 20)}, and no release that is known here has that.`
        : 'It says no version.',
      instead: 'a configuration of a release that docs/reference/platforms.md names.',
    },
  ]);
}

const describeNoOutside = (
  { configFormat }: RegisteredPlatform,
  { leasedOutside: [leasedInterface] }: ImportableConfig,
): Problem => ({
  code: 'import/no-outside',
  where: configFormat.label,
  what:
    leasedInterface === undefined
      ? 'No outside interface that is switched on has an address, and 1:1 mappings need public ones.'
      : `The address of ${leasedInterface} is leased, and 1:1 mappings need public addresses that stay.`,
  instead: 'a device with a fixed address on an outside interface that is switched on.',
});

export const describeNotImported = ({ configFormat }: RegisteredPlatform): Problem => ({
  code: 'import/not-served',
  where: configFormat.label,
  what: 'What others wrote on this platform can not become an intent yet.',
  instead: 'the intent written by hand, and cpanel-edge exposure beside it for what is there.',
});
