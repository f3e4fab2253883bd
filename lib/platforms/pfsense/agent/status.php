// status: one line per owner. read: what the proof needs. facts: what synthesis assumed. Each section is whole, or the command fails.

function section(string $name, ?string $text): void
{
    put("cpanel-edge: section $name\n");
    if ($text === null) {
        fail('unreadable');
    }
    if ($text !== '') {
        say($text);
    }
}

function command_status(array $words): void
{
    no_more($words, 0, 0);
    enter();
    read_config();
    $told = '';
    $armed = 'no';
    foreach (each_home() as $home) {
        select_home($home);
        $told .= status_line() . "\n";
        $armed = on_trial() === null ? $armed : 'yes';
    }
    // Printed once the lock is given up: who doesn't read on must not keep a rollback waiting.
    leave();
    if ($told !== '') {
        say($told);
    }
    succeed('status protocol=' . PROTOCOL . " armed=$armed");
}

function status_line(): string
{
    $trial = on_trial();
    $words = [
        'owner' => owner(),
        'role' => role(),
        'digest' => running_digest(),
        'lease' => is_file(home('release')) ? head_of(home('release'), 'lease') : 'none',
        'armed' => $trial === null ? 'none' : found('armed'),
        'rules' => rules_state(),
        'fingerprint' => live_fingerprint(),
        'state' => state_of_home(),
        'seconds' => seconds_left(),
        'tried' => $trial === null ? 'none' : head_of($trial, 'digest'),
        'boot' => boot_faults(),
    ];
    return implode(' ', array_map(static function (string $name, string $value): string {
        return "$name=$value";
    }, array_keys($words), $words));
}

function command_read(array $words): void
{
    no_more($words, 0, 0);
    open_folders();
    read_config();
    section('ruleset', live_text());
    $edits = '';
    foreach (each_home() as $home) {
        select_home($home);
        foreach (live_edits() as $line) {
            $edits .= role() . ' ' . owner() . " $line\n";
        }
    }
    section('edits', $edits);
    section('proxies', proxies_section());
    print_facts();
    succeed('read');
}

function print_facts(): void
{
    section('version', version_section());
    section('interfaces', interfaces_section());
    section('addresses', addresses_section());
    section('links', links_section());
    section('routes', routes_section());
    section('forwarding', forwarding_section());
    // Rule spaces beside pf: a box has none.
    section('legacy', '');
}

function command_facts(array $words): void
{
    no_more($words, 0, 0);
    open_folders();
    read_config();
    section('system', "ID=pfsense\nVERSION_ID=" . box_version() . "\n");
    $tools = '';
    foreach (['/sbin/pfctl', '/sbin/ifconfig', '/sbin/sysctl', '/sbin/route', '/usr/bin/netstat', '/usr/bin/sockstat', '/usr/sbin/daemon'] as $tool) {
        $tools .= basename($tool) . (is_executable($tool) ? " yes\n" : " no\n");
    }
    section('tools', $tools);
    print_facts();
    succeed('facts');
}

function command_protocol(array $words): void
{
    no_more($words, 0, 0);
    succeed('protocol=' . PROTOCOL);
}
