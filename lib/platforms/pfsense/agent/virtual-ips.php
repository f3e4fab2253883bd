// Virtual IPs on their interfaces, by the box's own functions. An address goes before the rules that stood for it, and comes after those that
// stand for it: local without them, it would open the box itself.

function same_vip(array $one, array $other): bool
{
    $strip = static function (array $vip): array {
        unset($vip['descr'], $vip['created'], $vip['updated'], $vip['noexpand']);
        ksort($vip);
        return $vip;
    };
    return $strip($one) === $strip($other);
}

/** Those of the first that the second doesn't have in the same form. */
function vips_apart(array $these, array $those): array
{
    return array_values(array_filter($these, static function (array $vip) use ($those): bool {
        foreach ($those as $other) {
            if (same_vip($vip, $other)) {
                return false;
            }
        }
        return true;
    }));
}

/** Those of the first whose addresses the second doesn't have at all. */
function vips_elsewhere(array $these, array $those): array
{
    $known = array_column($those, 'subnet');
    return array_values(array_filter($these, static function (array $vip) use ($known): bool {
        return !in_array($vip['subnet'], $known, true);
    }));
}

function bring_down(array $vips): void
{
    by_the_box(static function () use ($vips): void {
        foreach ($vips as $vip) {
            if ($vip['mode'] !== 'other') {
                // Taken by reference on some versions.
                \interface_vip_bring_down($vip);
            }
        }
        restart_proxies($vips);
    });
}

function bring_up(array $vips): void
{
    by_the_box(static function () use ($vips): void {
        foreach ($vips as $vip) {
            if ($vip['mode'] === 'ipalias') {
                \interface_ipalias_configure($vip);
            } elseif ($vip['mode'] === 'carp') {
                \interface_carp_configure($vip);
            }
        }
        restart_proxies($vips);
    });
}

// One process answers for all addresses of an interface, and it stops answering where another address of the interface changes.
function restart_proxies(array $touched): void
{
    // Asked before, it is asked again.
    unset($GLOBALS['cpanel_edge_interfaces']);
    $proxied = [];
    $interfaces = array_unique(array_column($touched, 'interface'));
    foreach (config_list(LISTS['vip']) as $vip) {
        if (($vip['mode'] ?? '') === 'proxyarp') {
            $proxied[$vip['interface'] ?? ''] = true;
        }
    }
    foreach ($interfaces as $interface) {
        $was = array_filter($touched, static function (array $vip) use ($interface): bool {
            return $vip['interface'] === $interface && $vip['mode'] === 'proxyarp';
        });
        if (isset($proxied[$interface]) || $was !== []) {
            \interface_proxyarp_configure($interface);
        }
    }
}

/** Addresses that interfaces have, "KEY ADDRESS", whatever length they have. */
function held_addresses(): array
{
    $held = [];
    foreach (interfaces_live() ?? [] as $interface) {
        foreach ($interface['addresses'] as [$address]) {
            $held[$interface['name'] . ' ' . strtolower($address)] = true;
        }
    }
    return $held;
}

function missing_vips(array $vips): array
{
    $held = held_addresses();
    return array_values(array_filter($vips, static function (array $vip) use ($held): bool {
        return in_array($vip['mode'], ['ipalias', 'carp'], true) && !isset($held[$vip['interface'] . ' ' . strtolower($vip['subnet'])]);
    }));
}
