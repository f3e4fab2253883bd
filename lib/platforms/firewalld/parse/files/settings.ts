import { Problem, refuseIfAny } from '../../../../problems/problem';
import { ConfigFile } from './files';
import { keysIn } from './keys';
import { RUNNING, problem, unexpected } from './problems';

/** What firewalld.conf says, as far as it changes which packets pass. */
export interface Settings {
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
export function settingsOf(conf: ConfigFile | undefined): Settings {
  if (!conf) return { defaultZone: undefined, reversePath: 'no', refuses6to4: false, isStrict: false };
  const said = keysIn(conf);
  const problems: Problem[] = [];
  for (const [key, { line }] of said) {
    if (!/^[A-Za-z0-9_]+$/.test(key)) problems.push(unexpected(line, key));
  }
  const of = (key: string): string => said.get(key)?.value.toLowerCase() ?? '';
  const isOn = (key: string, otherwise: boolean): boolean =>
    YES.test(of(key)) ? true : NO.test(of(key)) ? false : otherwise;
  const refuse = (code: string, key: string, what: string, instead: string): unknown =>
    problems.push(problem(code, said.get(key)!.line, what, instead));
  if (/^(iptables|nftables)$/.test(of('FirewallBackend')) && said.get('FirewallBackend')!.value !== 'nftables')
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
      RUNNING,
    );
  refuseIfAny(problems);
  const reversePath = of('IPv6_rpfilter');
  return {
    defaultZone: said.get('DefaultZone')?.value ?? 'public',
    reversePath: NO.test(reversePath)
      ? 'no'
      : /^(loose|strict-forward|loose-forward)$/.test(reversePath)
        ? reversePath
        : 'strict',
    refuses6to4: isOn('RFC3964_IPv4', true),
    isStrict: isOn('StrictForwardPorts', false),
  };
}

const YES = /^(yes|true)$/;
const NO = /^(no|false)$/;
