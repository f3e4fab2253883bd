import { LINE, host, onApf, textOf } from './host';

jest.setTimeout(180_000);

onApf('texts and files of APF on a device', (its) => {
  const { run, program, delivered, step, files, folder } = its;
  const WEB = textOf(81);
  const checked = (told = WEB): string => {
    const one = host(told);
    const said = delivered(one, ['upload', 'check']).join(', ');
    step('rollback', one);
    return said;
  };

  test('say nothing that the writer does not say', () => {
    const wrong: readonly (readonly [string, string | RegExp, string, string])[] = [
      ['another folder', '"/etc/apf-firewall"', '"/tmp/x"', 'text-value'],
      ['a command in an interface', '"wan0"', '"$(id)"', 'text-value'],
      ['a command behind a value', '"22,81"', '"22,81"; id', 'text-value'],
      ['a command in a value', '"22,81"', '"`id`"', 'text-value'],
      ['a range backwards', '22,81', '81_22', 'text-value'],
      ['a command', LINE, 'tcp:in:d=22:s=$(id)', 'text-network'],
      ['another script', '-D INPUT -p udp', '-I INPUT -p udp', 'text-line'],
      ['no end', 'RUN="yes"\n', '', 'text-unclosed'],
    ];
    const parts = wrong.map(([what, from, to]) => {
      const { upload, file } = host(WEB.replace(from, () => to));
      return `${what}: ${/ part=(\S+)$/.exec(program(upload, file))?.[1]}`;
    });
    expect(parts).toEqual(wrong.map(([what, , , part]) => `${what}: ${part}`));
  });

  test('go nowhere where APF would not start, is not there for good, or somebody else decides', () => {
    const before = files();
    const wrong: readonly (readonly [string, string])[] = [
      [`echo 'LOG_APF="$(id)"' >>conf.apf`, 'apf-file'],
      ["echo '# cpanel-edge:web begin' >>allow_hosts.rules", 'apf-marks'],
      ['echo version: 9.6-5 >VERSION', 'apf-version'],
      ['nft add table inet theirs', 'other-firewall'],
    ];
    const told = wrong.map(([does]) => {
      run(
        `cp -a /etc/apf-firewall ${folder}/then; cp /etc/default/apf-firewall ${folder}/then/run; iptables-save >${folder}/4; cd /etc/apf-firewall; ${does}`,
      );
      const word = checked();
      run(`rm -rf /etc/apf-firewall /etc/apf /etc/csf/* /etc/ufw/* /etc/systemd/system/enabled-firewalld.service; mv ${folder}/then/run /etc/default/apf-firewall
        mv ${folder}/then /etc/apf-firewall; rmdir /etc/csf; nft delete table inet theirs; iptables-restore <${folder}/4; ip addr del 2001:db8::1/64 dev wan0
        : >/etc/systemd/system/enabled-apf-firewall.service; [ ! -e ${folder}/apf.away ] || mv ${folder}/apf.away ${folder}/bin/apf`);
      return `${does}: ${word}`;
    });
    expect(told).toEqual(wrong.map(([does, word]) => `${does}: ok uploaded, refused ${word}`));
    expect(checked(textOf(81).replace('"wan0"', '"eth9"'))).toBe('ok uploaded, refused apf-interface');
    expect([files() === before, checked()]).toEqual([true, 'ok uploaded, ok checked']);
  });
});
