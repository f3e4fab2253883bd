// Parses conf.apf, a shell script, into APF's settings. Notes the lines whose effect is unknown, and the settings with
// which APF loads no rules at all.

import { SourceLocation } from '../../../parse/printed-files';
import { ShellVariable, ShellScript, describeUnknownValue } from '../../../parse/shell-script';
import { FAMILIES, Family } from '../../../net/address';
import { LineNote } from '../../../parse/xtables/load-notes';
import { ApfFiles } from './apf-files';

/**
 * Names that APF's own scripts set after conf.apf. In 9.7 they set ALL_STOP whatever value an operator wrote before.
 */
const INTERNAL_NAMES = new Set(
  `PATH VER APPN ifconfig ip IPT MPB LSM RMM IPTS IPTR DIFF WGET MD5 UNAME IF IN_IF OUT_IF LSTOP LACCEPT TOS_DEF_TOS NET NAME TIME UTIME KREL
  LOCK_TIMEOUT LOCK ADR ALLOW_HOSTS DENY_HOSTS GALLOW_HOSTS GDENY_HOSTS DS_HOSTS PHP_HOSTS DROP_HOSTS ECNSHAME_HOSTS RABP MD5_FILES MCATNET
  PRVNET RESNET PRERT POSTRT DSTOP LEXT CNF_FUNC RAB_PSCAN_LEVEL_1 RAB_PSCAN_LEVEL_2 RAB_PSCAN_LEVEL_3
  IP6T IP6TS IP6TR IPSET CURL GETENT TIMEOUT CONNTRACK STATE_MATCH IPT_FLAGS ENTER_LOCK_TIMEOUT LOCK_FILE CC_DENY_HOSTS CC_ALLOW_HOSTS
  CC_DATA_DIR NDP_TYPES`.split(/\s+/),
);

/** Names that change how a shell and its programs read everything else. */
const SHELL_NAMES = /^(IFS|CNF|DEVEL_ON|LANG|(LC|LD|BASH|GREP|XTABLES|IPTABLES|POSIXLY)_?\w*)$/;

/** The settings of conf.apf. A missing name is empty. */
export class ApfSettings {
  /** Lines that make everything unknown, with the reason; reads of settings add more. */
  readonly unknownReasons: LineNote[] = [];
  /** Reasons why APF loads nothing, or removes all rules: then everything is open. */
  readonly stops: LineNote[] = [];
  private readonly variables: Map<string, ShellVariable>;
  private readonly fallbackPlace: SourceLocation;
  /** Value of the interface setting at the time when APF's own scripts read it. */
  readonly device: string;

  constructor(private readonly files: ApfFiles) {
    const conf = files.find('conf.apf')!;
    const { folder, device, olderDevice, hasAllStop } = files.version;
    this.fallbackPlace = { line: conf.line, text: 'conf.apf' };
    let early: ReadonlyMap<string, ShellVariable> | undefined;
    const script = new ShellScript(conf.text, conf.line, (path, { variables }) => {
      if (path !== `${folder}internals/internals.conf`) return false;
      const older = olderDevice === undefined ? undefined : variables.get(olderDevice);
      if (older && (variables.get(device)?.value ?? '') === '') variables.set(device, older);
      early = new Map(variables);
      if (!hasAllStop || variables.get('ALL_STOP')?.value === '') variables.delete('ALL_STOP');
      return true;
    });
    this.variables = script.variables;
    // A conf.apf that includes nothing yet holds keys alone.
    if (files.opensAlone && !early) {
      early = new Map(this.variables);
      if (!hasAllStop) this.variables.delete('ALL_STOP');
    }
    if (script.unsupported)
      this.addUnknown(
        script.unsupported.line,
        'only NAME="value" is followed here, and a shell may do anything else with this line',
      );
    else if (!early)
      this.stops.push({
        line: conf.line,
        what: 'conf.apf does not include internals/internals.conf: APF has no program to make rules with.',
      });
    for (const [name, { line }] of this.variables)
      if (SHELL_NAMES.test(name) || (INTERNAL_NAMES.has(name) && early?.get(name)?.line !== line))
        this.addUnknown(line, `what APF does with another value of ${name} is not known`);
    const home = this.getText('INSTALL_PATH').replace(/\/+$/, '');
    if (`${home}/` !== folder)
      this.addUnknown(this.getPlace('INSTALL_PATH').line, `INSTALL_PATH is not ${folder.slice(0, -1)}`);
    this.device = early?.get(device)?.value ?? '';
    if (early && this.device !== this.getText(device))
      this.addUnknown(this.getPlace(device).line, `${device} is one interface here, and another in what is included`);
  }

  /** Families of which APF makes rules. */
  get families(): readonly Family[] {
    return this.files.version.mayFilterIpv6 && this.isOn('USE_IPV6') ? FAMILIES : ['ip'];
  }

  private addUnknown(line: number, what: string): void {
    if (!this.unknownReasons.some((reason) => reason.line === line)) this.unknownReasons.push({ line, what });
  }

  getText(key: string): string {
    const variable = this.variables.get(key);
    if (!variable && this.files.opensAlone && this.files.version.decides.has(key))
      this.addUnknown(this.fallbackPlace.line, `${key} is not in the text, and conf.apf may have any value for it`);
    if (!variable) return key === 'ALL_STOP' ? 'DROP' : '';
    if (variable.value === undefined) this.addUnknown(variable.line, describeUnknownValue(variable));
    return variable.value ?? '';
  }

  getPlace(key: string): SourceLocation {
    return this.variables.get(key) ?? this.fallbackPlace;
  }

  isOn(key: string): boolean {
    return this.getText(key) === '1';
  }

  /** Returns the members of a list, split at commas and blanks like the shell's `for`. */
  list(key: string): readonly string[] {
    return this.splitWords(key, this.getText(key).replaceAll(',', ' '));
  }

  /** Splits a value into words. A shell replaces such characters by names of files. */
  splitWords(key: string, text: string): readonly string[] {
    if (/[*?[\\]/.test(text))
      this.addUnknown(this.getPlace(key).line, `a shell may put names of files in the place of ${key}`);
    return text.split(/[ \t\n]+/).filter((word) => word !== '');
  }

  /** Returns a rule with the values of settings: `$TCP_STOP`. */
  fill(words: string): string {
    return words.replace(/\$(\w+)/g, (_, key: string) => this.getText(key));
  }
}
