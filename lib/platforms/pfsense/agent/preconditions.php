// What a release needs of the box, as words of a refusal, or nothing.

// Configurations of 2.6 up to the newest that was read.
const OLDEST_VERSION = 22.0;
const NEWEST_VERSION = 25.0;

function surroundings_fault(array $wanted, array $entries): ?string
{
    foreach (['/sbin/pfctl', '/sbin/ifconfig', '/sbin/sysctl', '/usr/sbin/daemon'] as $tool) {
        if (!is_executable($tool)) {
            return 'tool-missing tool=' . basename($tool);
        }
    }
    foreach (['write_config', 'filter_configure_sync', 'interface_vip_bring_down', 'interface_ipalias_configure'] as $function) {
        if (!function_exists($function)) {
            return 'foreign-box';
        }
    }
    return version_fault($wanted) ?? availability_fault() ?? state_fault($entries) ?? interface_fault($wanted, $entries) ?? taken_fault($entries);
}

function version_fault(array $wanted): ?string
{
    $ours = config_version();
    if (!matches($ours, '[0-9]{1,3}\.[0-9]{1,3}') || (float) $ours < OLDEST_VERSION || (float) $ours >= NEWEST_VERSION) {
        return 'unknown-version version=' . (matches($ours, '[0-9.]{1,12}') ? $ours : 'none');
    }
    // What was captured was captured of this version, or of another box.
    if ($wanted['captured'] && $wanted['version'] !== $ours) {
        $theirs = matches((string) $wanted['version'], '[0-9.]{1,12}') ? $wanted['version'] : 'none';
        return "other-version version=$ours captured=$theirs";
    }
    return null;
}

// The other box of a pair would lose what is written here, or overwrite it with its own at its next synchronization.
function availability_fault(): ?string
{
    foreach (['pfsyncenabled' => 'pfsync', 'synchronizetoip' => 'xmlrpc'] as $element => $what) {
        if (!in_array(config("hasync/$element", ''), ['', null, false], true)) {
            return "high-availability what=$what";
        }
    }
    if (is_set('virtualip_carp_maintenancemode')) {
        return 'high-availability what=carp-maintenance';
    }
    $demotion = lines_of(['/sbin/sysctl', '-n', 'net.inet.carp.demotion']);
    if ($demotion !== null && trim($demotion[0] ?? '0') !== '0') {
        return 'high-availability what=carp-demotion';
    }
    return null;
}

function state_fault(array $entries): ?string
{
    if (is_set('system/disablefilter')) {
        return 'filter-off';
    }
    // A load of ours would apply what somebody has saved and not applied yet.
    foreach (['natconf', 'filter', 'aliases', 'vip'] as $subsystem) {
        if (function_exists('is_subsystem_dirty') && \is_subsystem_dirty($subsystem)) {
            return "unapplied what=$subsystem";
        }
    }
    return config_is_writable($entries) ? null : 'config-not-writable';
}

function interface_fault(array $wanted, array $entries): ?string
{
    $keys = keys_of_box($wanted);
    foreach ($wanted['devices'] as $key => $device) {
        $name = matches((string) $device, '[A-Za-z0-9_.-]{1,32}') ? $device : $key;
        if (($keys[$key] ?? null) === null) {
            // Of what was captured only those that ours stand on: others may have come and gone.
            if (!$wanted['captured'] || in_array((string) $key, interfaces_of($wanted), true)) {
                return "no-interface interface=$name";
            }
        }
    }
    foreach (interfaces_of($entries) as $key) {
        if (!isset(devices()[$key])) {
            return "no-interface interface=$key";
        }
        // Rules of an interface that is off are left out by the box without a word.
        if (!is_set("interfaces/$key/enable")) {
            return "interface-off interface=$key";
        }
    }
    return null;
}

/** Addresses and numbers that somebody else on the box has. */
function taken_fault(array $entries): ?string
{
    $ours = array_column($entries['vip'], null, 'subnet');
    $before = array_merge(array_column(own_entries()['vip'], 'subnet'), addresses_left());
    foreach (config_list(LISTS['vip']) as $vip) {
        if (is_ours($vip, owner())) {
            continue;
        }
        if (isset($ours[$vip['subnet'] ?? ''])) {
            return 'address-taken address=' . $vip['subnet'];
        }
        foreach ($entries['vip'] as $own) {
            $clash = $own['mode'] === 'carp' && ($vip['mode'] ?? '') === 'carp' && ($vip['interface'] ?? '') === $own['interface'];
            if ($clash && (string) ($vip['vhid'] ?? '') === $own['vhid']) {
                return "vhid-taken interface=$own[interface] vhid=$own[vhid]";
            }
        }
    }
    foreach (interfaces_live() ?? [] as $interface) {
        foreach ($interface['addresses'] as [$address]) {
            if (isset($ours[$address]) && !in_array($address, $before, true)) {
                return "address-taken address=$address";
            }
        }
    }
    foreach (config_list(LISTS['alias']) as $alias) {
        if (!is_ours($alias, owner()) && in_array($alias['name'] ?? '', array_column($entries['alias'], 'name'), true)) {
            return "name-taken name=$alias[name]";
        }
    }
    return mapped_fault($entries);
}

// Of what is confirmed, also where somebody restored a configuration without it: the interface has it still.
function addresses_left(): array
{
    $release = confirmed_file() === null ? null : release_of(confirmed_file());
    return array_map(static function (string $line): string {
        return explode('/', explode(' ', $line)[2])[0];
    }, is_array($release) ? $release['addresses'] : []);
}

// Ours would come before it and take its place without a word.
function mapped_fault(array $entries): ?string
{
    foreach (active(config_list(LISTS['onetoone'])) as $other) {
        if (is_ours($other, owner())) {
            continue;
        }
        $external = address_bits((string) ($other['external'] ?? ''));
        $length = (int) (explode('/', (string) ($other['source']['address'] ?? ''))[1] ?? 128);
        foreach (active($entries['onetoone']) as $entry) {
            $mine = address_bits($entry['external'] ?? '');
            $own = (int) (explode('/', (string) ($entry['source']['address'] ?? ''))[1] ?? 128);
            $bits = 1 + min($length, $own, strlen($mine) - 1);
            $same = ($other['interface'] ?? 'wan') === ($entry['interface'] ?? 'wan');
            if ($same && $external !== '-' && strlen($external) === strlen($mine) && strncmp($external, $mine, $bits) === 0) {
                return "mapped-already external=$entry[external]";
            }
        }
    }
    return null;
}
