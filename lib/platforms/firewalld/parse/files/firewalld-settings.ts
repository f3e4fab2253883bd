// Parses the settings of firewalld.conf that change which packets pass.

import { Problem, refuseIfAny } from '../../../../problems/problem';
import { ConfigFile } from './firewalld-files';
import { parseConfValues } from './conf-values';
import { RUNNING_HINT, createProblem, createUnexpectedProblem } from './parse-problems';

/** The settings of firewalld.conf that change which packets pass. */
export interface FirewalldSettings {
  /** Undefined if the text has no firewalld.conf: then the zones are unknown. */
  readonly defaultZone: string | undefined;
  /**
   * The check of IPv6 packets whose replies would leave by another interface, in the file's word. `no`: none is
   * dropped. `strict` is the default.
   */
  readonly reversePath: string;
  /** True if packets to 6to4 addresses that embed private ones are refused. */
  readonly refuses6to4: boolean;
  /** True if translated packets pass only to ports that a file forwards. Exists from 2.3 on. */
  readonly isStrict: boolean;
}

/**
 * Returns the settings of firewalld.conf. Source: firewall/core/io/firewalld_conf.py, 1.3.3.
 * @throws Refusal if another back end loads the rules, or if packets drift from zone to zone
 */
export function parseSettings(conf: ConfigFile | undefined): FirewalldSettings {
  if (!conf) return { defaultZone: undefined, reversePath: 'no', refuses6to4: false, isStrict: false };
  const values = parseConfValues(conf);
  const problems: Problem[] = [];
  for (const [key, { line }] of values) {
    if (!/^[A-Za-z0-9_]+$/.test(key)) problems.push(createUnexpectedProblem(line, key));
  }
  const getValue = (key: string): string => values.get(key)?.value.toLowerCase() ?? '';
  const isOn = (key: string, defaultValue: boolean): boolean =>
    YES_WORD.test(getValue(key)) ? true : NO_WORD.test(getValue(key)) ? false : defaultValue;
  const refuse = (code: string, key: string, message: string, instead: string): unknown =>
    problems.push(createProblem(code, values.get(key)!.line, message, instead));
  if (/^(iptables|nftables)$/.test(getValue('FirewallBackend')) && values.get('FirewallBackend')!.value !== 'nftables')
    refuse(
      'back-end',
      'FirewallBackend',
      'it is not nftables that loads its rules: their order is another one.',
      'what runs there: `iptables-save; ip6tables-save`.',
    );
  if (isOn('AllowZoneDrifting', false))
    refuse(
      'zone-drifting',
      'AllowZoneDrifting',
      'firewalld 0.9 lets packets go on from one zone to the next; later ones do not.',
      RUNNING_HINT,
    );
  refuseIfAny(problems);
  const reversePath = getValue('IPv6_rpfilter');
  return {
    defaultZone: values.get('DefaultZone')?.value ?? 'public',
    reversePath: NO_WORD.test(reversePath)
      ? 'no'
      : /^(loose|strict-forward|loose-forward)$/.test(reversePath)
        ? reversePath
        : 'strict',
    refuses6to4: isOn('RFC3964_IPv4', true),
    isStrict: isOn('StrictForwardPorts', false),
  };
}

const YES_WORD = /^(yes|true)$/;
const NO_WORD = /^(no|false)$/;
