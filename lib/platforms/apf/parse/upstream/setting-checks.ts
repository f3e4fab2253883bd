// Finds the settings for which APF 2.0.2 loads nothing, and the settings and lists whose effect isn't evaluated.

import { LineNote } from '../../../../parse/xtables/load-notes';
import { ApfFiles } from '../apf-files';
import { ApfSettings } from '../apf-settings';

const STOP = /^(DROP|REJECT|RESET|PROHIBIT)$/;
const NUMBER = /^\d*$/;
const POSITIVE = /^(|(?!0$)\d+)$/;
const REQUIRED_NUMBER = /^(?!0$)\d+$/;
const RATE = /^\d+\/[smh]$/;

/** A value above 0 turns these settings on. */
const COUNTED_SETTINGS = new Set(['PERMBLOCK_COUNT', 'CT_LIMIT']);

/**
 * Form of a setting, and the setting that turns the check on; without one it is always on. Source:
 * internals/apf_validate.sh of v2.0.2.
 */
const SETTING_FORMS: readonly (readonly [key: string, form: RegExp, when?: string])[] = [
  ['IFACE_UNTRUSTED', /./s],
  ...['TCP_STOP', 'UDP_STOP', 'ALL_STOP'].map((key) => [key, STOP] as const),
  ['SYNFLOOD_RATE', RATE, 'SYNFLOOD'],
  ['SYNFLOOD_BURST', REQUIRED_NUMBER, 'SYNFLOOD'],
  ['RAB_PSCAN_LEVEL', /^[0-3]$/, 'RAB'],
  ['RAB_HITCOUNT', /^\d+$/, 'RAB'],
  ['RAB_TIMER', REQUIRED_NUMBER, 'RAB'],
  ['ICMP_LIM', /^(|0|\d+\/[smh])$/],
  ['LOG_LEVEL', /^(|emerg|alert|crit|err|warning|notice|info|debug)$/, 'LOG_DROP'],
  ['LOG_TARGET', /^(|LOG|ULOG|NFLOG)$/, 'LOG_DROP'],
  ['LOG_RATE', POSITIVE, 'LOG_DROP'],
  ...['IG_TCP_CLIMIT', 'IG_UDP_CLIMIT'].map((key) => [key, /^[, \t\n]*([0-9_]+:\d+([, \t\n]+|$))*$/] as const),
  ...['SYSCTL_CONNTRACK', 'PERMBLOCK_COUNT', 'SET_EXPIRE', 'SET_REFRESH', 'CT_LIMIT'].map(
    (key) => [key, NUMBER] as const,
  ),
  ['FQDN_TIMEOUT', POSITIVE],
  ['PERMBLOCK_INTERVAL', /^(|0*([6-9]\d|[1-9]\d{2,}))$/, 'PERMBLOCK_COUNT'],
  ['CT_INTERVAL', POSITIVE, 'CT_LIMIT'],
  ['CT_BLOCK_TIME', POSITIVE, 'CT_LIMIT'],
];

/** Returns the settings for which 2.0.2 loads nothing at all. */
export function findRefusedSettings(settings: ApfSettings): readonly LineNote[] {
  const isOn = (key: string): boolean =>
    COUNTED_SETTINGS.has(key) ? /^0*[1-9]/.test(settings.getText(key)) : settings.isOn(key);
  const checkedForms = SETTING_FORMS.filter(([, , when]) => when === undefined || isOn(when));
  const wrong = checkedForms.filter(([key, form]) => !form.test(settings.getText(key))).map(([key]) => key);
  if (settings.isOn('SYSCTL_SYNCOOKIES') && settings.isOn('SYSCTL_OVERFLOW')) wrong.push('SYSCTL_OVERFLOW');
  return wrong.map((key) => ({ line: settings.getPlace(key).line, what: `APF loads nothing where ${key} is this.` }));
}

/** Returns lists and settings that let something else decide than conf.apf and the two lists. */
export function findUnfollowedLists(files: ApfFiles, settings: ApfSettings): readonly LineNote[] {
  const listNotes = [
    'cc_deny.rules',
    'cc_allow.rules',
    ...(/^(auto|1)$/.test(settings.getText('USE_IPSET')) ? ['ipset.rules'] : []),
  ].flatMap((name) => {
    const first = files.findLines(name)?.find(({ text }) => text !== '' && !text.startsWith('#'));
    return first
      ? [{ line: first.line, what: `${name} keeps out or lets in addresses that are in no file of the text` }]
      : [];
  });
  const unfollowedKeys = ['SET_VNET', 'USE_GRE'].filter((key) => settings.isOn(key));
  if (/^(auto|1)$/.test(settings.getText('IPT_LOCK_SUPPORT')) && !/^\d+$/.test(settings.getText('IPT_LOCK_TIMEOUT')))
    unfollowedKeys.push('IPT_LOCK_TIMEOUT');
  return [
    ...listNotes,
    ...unfollowedKeys.map((key) => ({
      line: settings.getPlace(key).line,
      what: `what 2.0.2 loads with this ${key} is not followed`,
    })),
  ];
}
