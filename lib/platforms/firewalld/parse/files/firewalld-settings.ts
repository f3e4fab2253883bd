import { Problem, refuseIfAny } from '../../../../problems/problem';
import { ConfigFile } from './firewalld-files';
import { parseConfValues } from './conf-values';
import { RUNNING_HINT, createProblem, createUnexpectedProblem } from './parse-problems';

/** What firewalld.conf says, as far as it changes which packets pass. */
export interface FirewalldSettings {
  /** Undefined where nothing says what its zones are, nor anything else of these. */
  readonly defaultZone: string | undefined;
  /** What becomes of packets of IPv6 that answers would leave by another interface, in the word of the file: `no` for none, and `strict`. */
  readonly reversePath: string;
  /** What goes to addresses of 6to4 that stand for private ones is refused. */
  readonly refuses6to4: boolean;
  /** Of what is translated passes only what goes to a port that a file forwards. From 2.3 on. */
  readonly isStrict: boolean;
}

/** Throws Refusal where other programs load the rules, and where zones run into each other. Source: firewall/core/io/firewalld_conf.py, 1.3.3. */
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
