// arm ROLE OWNER TOKEN SECONDS: applies the checked release. Unless it is confirmed in time, the device undoes it.

function command_arm(array $words): void
{
    no_more($words, 4, 4);
    take_identity($words[0], $words[1]);
    $token = take_token($words[2]);
    $seconds = take_seconds($words[3]);
    enter();
    hold_device($token);
    if (!is_file(home("checked-$token"))) {
        refuse('not-checked');
    }
    $release = whole_release(home("checked-$token"));
    $wanted = $release === null ? 'stored' : wanted_of($release);
    if (!is_array($wanted)) {
        refuse('upload-damaged part=stored');
    }
    read_config();
    if (edited_since_check($token)) {
        refuse('edited-meanwhile');
    }
    remove(...(glob(RUN . '/' . id() . '.checked-*') ?: []));
    if (!write_boot_files()) {
        refuse('boot-script-not-written');
    }
    $entries = entries_for_box($wanted, own_entries());
    // What could not be written could not be undone either.
    if (!config_is_writable($entries) || !save_before()) {
        refuse('disk-full');
    }
    if (!start_timer($token, $seconds)) {
        remove(home('before'));
        refuse('no-timer');
    }
    if (!turn("checked-$token", "armed-$token")) {
        stop_timer($token);
        remove(home('before'));
        refuse('disk-full');
    }
    $fault = become($entries, $wanted['sets'], 'release ' . substr($release['digest'], 0, 12) . ' of ' . owner());
    if ($fault === null && remember_loaded(own_entries())) {
        succeed("armed seconds=$seconds");
    }
    say($fault ?? 'what was applied could not be remembered');
    if (!undo_armed($token)) {
        fail('load-and-undo-failed');
    }
    stop_timer($token);
    refuse('load-failed');
}

/** rollback ROLE OWNER TOKEN: at once. undo is the same, by the timer. */
function command_rollback(array $words): void
{
    no_more($words, 3, 3);
    take_identity($words[0], $words[1]);
    $token = take_token($words[2]);
    enter(600);
    if (is_file(home('release')) && head_of(home('release'), 'token') === $token) {
        refuse('already-confirmed');
    }
    $from = 'nothing';
    $done = true;
    if (is_file(home("undoing-$token"))) {
        $from = 'undoing';
        $done = finish_undo($token);
    } elseif (is_file(home("armed-$token"))) {
        $from = 'armed';
        $done = undo_armed($token);
    }
    if (!$done) {
        fail('rollback-incomplete');
    }
    stop_timer($token);
    remove(home("offered-$token"), home("checked-$token"));
    give_device_up($token);
    @rmdir(home());
    // "nothing" to one who had armed it: the timer was first.
    succeed('rolled-back digest=' . running_digest() . " from=$from");
}

function command_undo(array $words): void
{
    note('a release was not confirmed in time: undoing it');
    command_rollback($words);
}
