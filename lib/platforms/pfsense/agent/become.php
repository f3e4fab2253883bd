// From what is ours on the box to what shall be. One revision of its configuration, then its rules, then its addresses; addresses that go
// come off before the rules that stand for them.

/**
 * Null, or why it isn't so. What was written before a fault stays: the caller puts back what was. `$known`: rules that ran before, by which
 * a way back is known to be whole although nothing changed on it. `$tried`: entries that may run although the configuration has them no more,
 * because an earlier try to take them away stopped halfway.
 */
function become(array $entries, bool $helper, string $words, string $known = '', ?array $tried = null): ?string
{
    // Whoever saves between reading and writing would lose it: then it is read again.
    for ($tries = 0; ; $tries++) {
        $stands = @hash_file('sha256', CONFIG_FILE);
        read_config();
        $before = own_entries();
        if (!place_helper($helper)) {
            return 'the switch of the box could not be remembered';
        }
        place_entries($entries);
        if ($tries >= 5 || @hash_file('sha256', CONFIG_FILE) === $stands) {
            break;
        }
    }
    if (!write_config_once($words)) {
        read_config();
        return 'the box could not save its configuration';
    }
    settle_helper();
    $tried = $tried ?? none_of_ours();
    bring_down(vips_apart($before['vip'], $entries['vip']));
    bring_down(vips_elsewhere($tried['vip'], array_merge($before['vip'], $entries['vip'])));
    $fault = reload_rules($entries, array_merge_recursive($before, $tried), $known);
    if ($fault !== null) {
        // Those that came off come on again with what is put back.
        return $fault;
    }
    $new = vips_apart($entries['vip'], $before['vip']);
    bring_up($new);
    $missing = missing_vips($entries['vip']);
    bring_up($missing);
    if ($new !== [] || $missing !== []) {
        // Some rules are made of the addresses that interfaces have: as at the next start of the box.
        $fault = reload_rules($entries, array_merge_recursive($before, $tried), $known);
        if ($fault !== null) {
            return $fault;
        }
    }
    // What the box's pages say is to be applied still: a reload has applied it. Virtual IPs of others are none of it.
    foreach (['natconf', 'filter', 'aliases'] as $subsystem) {
        if (function_exists('clear_subsystem_dirty')) {
            \clear_subsystem_dirty($subsystem);
        }
    }
    return null;
}

function remember_loaded(array $entries): bool
{
    return store(home('loaded'), printed_entries($entries));
}

/** What was ours before a trial, passwords of CARP among it: root's alone, as the box's own file. */
function save_before(): bool
{
    $saved = [
        'entries' => own_entries(),
        'rules' => rules_known(),
        'loaded' => is_file(home('loaded')) ? (string) file_get_contents(home('loaded')) : null,
    ];
    $text = json_encode($saved, JSON_INVALID_UTF8_SUBSTITUTE);
    return $text !== false && store(home('before'), $text);
}

function release_needs_helper(?string $file): bool
{
    $release = $file === null ? null : release_of($file);
    return is_array($release) && strpos($release['text'], '<sets>enablenatreflectionhelper</sets>') !== false;
}

// Undoes what is armed under a token. The rename decides: a confirm that came first has taken the file away.
function undo_armed(string $token): bool
{
    return turn("armed-$token", "undoing-$token") && finish_undo($token);
}

/** Entries of a release file as this box has them. */
function entries_of(string $file): array
{
    $release = whole_release($file);
    $wanted = $release === null ? null : wanted_of($release);
    $entries = is_array($wanted) ? entries_for_box($wanted, own_entries()) : none_of_ours();
    // Read before they were checked, they may stand on what the box doesn't have.
    $entries['vip'] = array_values(array_filter($entries['vip'], static function (array $vip): bool {
        return isset(devices()[$vip['interface']]);
    }));
    return $entries;
}

/** What was ours before the trial. Where that is gone or damaged: what is confirmed, and nothing else. */
function saved_before(): array
{
    $saved = json_decode((string) @file_get_contents(home('before')), true);
    if (is_array($saved) && is_array($saved['entries'] ?? null) && is_string($saved['rules'] ?? null) && array_key_exists('loaded', $saved)) {
        return $saved;
    }
    note('what ' . id() . ' had before a trial is damaged: back to what is confirmed');
    read_config();
    $confirmed = confirmed_file();
    $entries = $confirmed === null ? none_of_ours() : entries_of($confirmed);
    return ['entries' => $entries, 'rules' => '', 'loaded' => $confirmed === null ? null : printed_entries($entries)];
}

/** The inverse, on our entries alone: others may have saved meanwhile, and theirs stays. */
function finish_undo(string $token): bool
{
    $saved = saved_before();
    read_config();
    $tried = entries_of(home("undoing-$token"));
    $entries = array_merge(none_of_ours(), $saved['entries']);
    $fault = become($entries, release_needs_helper(confirmed_file()), 'undo an unconfirmed release of ' . owner(), $saved['rules'], $tried);
    if ($fault !== null) {
        note("$fault, while a release of " . id() . ' was undone');
        return false;
    }
    end_closed_sessions($tried, $entries);
    if ($saved['loaded'] === null) {
        remove(home('loaded'));
    } elseif (!store(home('loaded'), $saved['loaded'])) {
        return false;
    }
    remove(home("undoing-$token"), home('before'));
    settle();
    give_device_up($token);
    return true;
}

// What a cut-off command left, before anything else is done for this owner.
function finish_leftovers(): void
{
    $wanted = id();
    // Of other owners, too: a trial that nobody will end.
    foreach (array_diff(each_home(), [$wanted]) as $other) {
        select_home($other);
        $armed = found('armed');
        if ($armed !== null && on_trial() === null && !undo_armed($armed)) {
            fail('rollback-incomplete');
        }
    }
    select_home($wanted);
    $armed = found('armed');
    if ($armed !== null && on_trial() === null && !undo_armed($armed)) {
        fail('rollback-incomplete');
    }
    $undoing = found('undoing');
    if ($undoing !== null && !finish_undo($undoing)) {
        fail('rollback-incomplete');
    }
    if (is_file(home('retracting')) && !finish_retract()) {
        fail('retract-incomplete');
    }
}
