// check ROLE OWNER TOKEN [LEASE]: everything that can be known before anything changes. The lease is one that may be taken over.

function command_check(array $words): void
{
    no_more($words, 3, 4);
    $adopted = isset($words[3]) ? take_lease($words[3]) : null;
    take_identity($words[0], $words[1]);
    $token = take_token($words[2]);
    enter();
    hold_device($token);
    $offered = home("offered-$token");
    if (!is_file($offered)) {
        refuse('not-uploaded');
    }
    read_config();
    $release = whole_release($offered);
    $wanted = $release === null ? 'stored' : wanted_of($release);
    if (!is_array($wanted)) {
        turn_down($token, "upload-damaged part=$wanted");
    }
    // A release of another state is not ours to replace; entries that were forgotten belong to nobody.
    $theirs = is_file(home('release')) ? head_of(home('release'), 'lease') : null;
    if ($theirs !== null && $theirs !== $release['lease'] && $theirs !== $adopted) {
        turn_down($token, "foreign-lease lease=$theirs");
    }
    $overlap = claimed_by_other($release['claims']);
    if ($overlap !== null) {
        [$owner, $prefix] = explode(' ', $overlap);
        turn_down($token, "claimed owner=$owner prefix=$prefix");
    }
    $entries = entries_for_box($wanted, own_entries());
    $fault = surroundings_fault($wanted, $entries);
    if ($fault !== null) {
        turn_down($token, $fault);
    }
    $state = rules_state();
    if ($state === 'edited') {
        $accepted = trim((string) @file_get_contents(home('accepted')));
        if ($accepted !== live_fingerprint()) {
            say(implode("\n", array_slice(live_edits(), 0, 40)));
            turn_down($token, 'edited fingerprint=' . live_fingerprint());
        }
    } elseif ($state === 'foreign') {
        turn_down($token, 'entries-exist owner=' . owner());
    }
    if (@file_put_contents(seen_file($token), live_fingerprint()) === false) {
        refuse('folder-not-writable folder=' . RUN);
    }
    if (!turn("offered-$token", "checked-$token")) {
        refuse('disk-full');
    }
    // What synthesis assumed is compared by the runner, which knows it.
    print_facts();
    hold_device($token);
    succeed("checked rules=$state");
}

function seen_file(string $token): string
{
    return RUN . '/' . id() . ".checked-$token";
}

/** What stood there when the check said yes is what is written over: an edit after it is somebody's, and was shown to nobody. */
function edited_since_check(string $token): bool
{
    return in_array(rules_state(), ['edited', 'foreign'], true) && @file_get_contents(seen_file($token)) !== live_fingerprint();
}

// Refused, and the next delivery needn't wait for this one.
function turn_down(string $token, string $words): void
{
    remove(home("offered-$token"));
    give_device_up($token);
    @rmdir(home());
    refuse($words);
}

/** accept FINGERPRINT: the next delivery may overwrite entries that were edited by hand, exactly those. */
function command_accept(array $words): void
{
    no_more($words, 1, 1);
    $digest = take_digest($words[0]);
    enter();
    read_config();
    foreach (each_home() as $home) {
        select_home($home);
        if (rules_state() === 'edited' && live_fingerprint() === $digest) {
            if (!store(home('accepted'), "$digest\n")) {
                refuse('disk-full');
            }
            succeed('accepted owner=' . owner() . ' role=' . role());
        }
    }
    refuse('no-such-edit');
}
