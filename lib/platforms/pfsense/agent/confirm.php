// confirm ROLE OWNER TOKEN: says yes to this armed release only. The rename decides.

function command_confirm(array $words): void
{
    no_more($words, 3, 3);
    take_identity($words[0], $words[1]);
    $token = take_token($words[2]);
    enter();
    // Asked again after its answer was lost.
    if (is_confirmed($token)) {
        after_confirm($token);
    }
    if (!is_file(home("armed-$token"))) {
        refuse('not-armed');
    }
    if (whole_release(home("armed-$token")) === null) {
        refuse('upload-damaged part=stored');
    }
    read_config();
    $own = own_entries();
    if (rules_state() === 'edited') {
        refuse('edited-meanwhile');
    }
    if (rules_state() !== 'as-loaded' || running_fault($own, none_of_ours()) !== null) {
        refuse('rules-gone');
    }
    settle(home("armed-$token"));
    if (!turn("armed-$token", 'release')) {
        clearstatcache();
        refuse(is_file(home("armed-$token")) ? 'disk-full' : 'not-armed');
    }
    after_confirm($token);
}

function is_confirmed(string $token): bool
{
    return is_file(home('release')) && head_of(home('release'), 'token') === $token;
}

function after_confirm(string $token): void
{
    stop_timer($token);
    $saved = is_file(home('before')) ? json_decode((string) file_get_contents(home('before')), true) : null;
    if (is_array($saved)) {
        // Not before the yes: a trial that is undone has cost nobody a session.
        read_config();
        end_closed_sessions(array_merge(none_of_ours(), $saved['entries']), own_entries());
    }
    remove(home('before'), home('kept'), home('accepted'));
    give_device_up($token);
    succeed('confirmed digest=' . running_digest());
}

/** outcome ROLE OWNER TOKEN: what became of a release, for one whose line died. */
function command_outcome(array $words): void
{
    no_more($words, 3, 3);
    take_identity($words[0], $words[1]);
    $token = take_token($words[2]);
    enter();
    if (is_confirmed($token)) {
        succeed('confirmed digest=' . running_digest());
    }
    foreach (['armed', 'undoing'] as $state) {
        if (is_file(home("$state-$token"))) {
            succeed($state);
        }
    }
    succeed('rolled-back digest=' . running_digest());
}
