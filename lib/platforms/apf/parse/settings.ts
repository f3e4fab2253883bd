import { Place } from '../../../parse/printed-files';
import { Said, Script, unknownValue } from '../../../parse/shell-values';
import { FAMILIES, Family } from '../../../net/address';
import { AtLine } from '../../../parse/xtables/made';
import { Files } from './files';

/** Names that APF's own scripts give values to, behind conf.apf; of 9.7 ALL_STOP is one whatever a person writes before. */
const OF_INTERNALS = new Set(
  `PATH VER APPN ifconfig ip IPT MPB LSM RMM IPTS IPTR DIFF WGET MD5 UNAME IF IN_IF OUT_IF LSTOP LACCEPT TOS_DEF_TOS NET NAME TIME UTIME KREL
  LOCK_TIMEOUT LOCK ADR ALLOW_HOSTS DENY_HOSTS GALLOW_HOSTS GDENY_HOSTS DS_HOSTS PHP_HOSTS DROP_HOSTS ECNSHAME_HOSTS RABP MD5_FILES MCATNET
  PRVNET RESNET PRERT POSTRT DSTOP LEXT CNF_FUNC RAB_PSCAN_LEVEL_1 RAB_PSCAN_LEVEL_2 RAB_PSCAN_LEVEL_3
  IP6T IP6TS IP6TR IPSET CURL GETENT TIMEOUT CONNTRACK STATE_MATCH IPT_FLAGS ENTER_LOCK_TIMEOUT LOCK_FILE CC_DENY_HOSTS CC_ALLOW_HOSTS
  CC_DATA_DIR NDP_TYPES`.split(/\s+/),
);

/** Names that change how a shell and its programs read everything else. */
const OF_SHELLS = /^(IFS|CNF|DEVEL_ON|LANG|(LC|LD|BASH|GREP|XTABLES|IPTABLES|POSIXLY)_?\w*)$/;

/** What conf.apf says. A name that isn't there is empty. */
export class Settings {
  /** Lines that make all of it unknown, and why; more of them while it is asked. */
  readonly doubts: AtLine[] = [];
  /** Why APF loads nothing, or takes all rules away: then everything is open. */
  readonly stops: AtLine[] = [];
  private readonly said: Map<string, Said>;
  private readonly start: Place;
  /** What it was when APF's own scripts took it. */
  readonly device: string;

  constructor(private readonly files: Files) {
    const conf = files.of('conf.apf')!;
    const { folder, device, olderDevice, hasAllStop } = files.version;
    this.start = { line: conf.line, text: 'conf.apf' };
    let early: ReadonlyMap<string, Said> | undefined;
    const script = new Script(conf.text, conf.line, (path, { variables }) => {
      if (path !== `${folder}internals/internals.conf`) return false;
      const older = olderDevice === undefined ? undefined : variables.get(olderDevice);
      if (older && (variables.get(device)?.value ?? '') === '') variables.set(device, older);
      early = new Map(variables);
      if (!hasAllStop || variables.get('ALL_STOP')?.value === '') variables.delete('ALL_STOP');
      return true;
    });
    this.said = script.variables;
    // Keys alone stand in a conf.apf before it includes anything.
    if (files.opensAlone && !early) {
      early = new Map(this.said);
      if (!hasAllStop) this.said.delete('ALL_STOP');
    }
    if (script.beyond)
      this.unsure(
        script.beyond.line,
        'only NAME="value" is followed here, and a shell may do anything else with this line',
      );
    else if (!early)
      this.stops.push({
        line: conf.line,
        what: 'conf.apf does not include internals/internals.conf: APF has no program to make rules with.',
      });
    for (const [name, { line }] of this.said)
      if (OF_SHELLS.test(name) || (OF_INTERNALS.has(name) && early?.get(name)?.line !== line))
        this.unsure(line, `what APF does with another value of ${name} is not known`);
    const home = this.text('INSTALL_PATH').replace(/\/+$/, '');
    if (`${home}/` !== folder) this.unsure(this.at('INSTALL_PATH').line, `INSTALL_PATH is not ${folder.slice(0, -1)}`);
    this.device = early?.get(device)?.value ?? '';
    if (early && this.device !== this.text(device))
      this.unsure(this.at(device).line, `${device} is one interface here, and another in what is included`);
  }

  /** Of which APF makes rules. */
  get families(): readonly Family[] {
    return this.files.version.mayFilterIpv6 && this.isOn('USE_IPV6') ? FAMILIES : ['ip'];
  }

  private unsure(line: number, what: string): void {
    if (!this.doubts.some((one) => one.line === line)) this.doubts.push({ line, what });
  }

  text(key: string): string {
    const said = this.said.get(key);
    if (!said && this.files.opensAlone && this.files.version.decides.has(key))
      this.unsure(this.start.line, `${key} is not in the text, and conf.apf may have any value for it`);
    if (!said) return key === 'ALL_STOP' ? 'DROP' : '';
    if (said.value === undefined) this.unsure(said.line, unknownValue(said));
    return said.value ?? '';
  }

  at(key: string): Place {
    return this.said.get(key) ?? this.start;
  }

  isOn(key: string): boolean {
    return this.text(key) === '1';
  }

  /** The members of a list between commas and blanks, as `for` takes them. */
  listed(key: string): readonly string[] {
    return this.words(key, this.text(key).replaceAll(',', ' '));
  }

  /** A shell puts names of files where it finds such letters. */
  words(key: string, text: string): readonly string[] {
    if (/[*?[\\]/.test(text)) this.unsure(this.at(key).line, `a shell may put names of files in the place of ${key}`);
    return text.split(/[ \t\n]+/).filter((one) => one !== '');
  }

  /** A rule with what settings say in it: `$TCP_STOP`. */
  filled(words: string): string {
    return words.replace(/\$(\w+)/g, (_, key: string) => this.text(key));
  }
}
