// The protocol of docs/protocol.md as data. A test compares it with that drawing and with the device program.

/** What is there for good, whatever happens to a delivery. */
export const SETTLED = ['nothing', 'confirmed', 'kept'] as const;
/** What a delivery or a retract is in the middle of: a reboot ends each of them. */
export const PASSING = ['offered', 'checked', 'armed', 'undoing', 'retracting'] as const;
export const STATES = [...SETTLED, ...PASSING] as const;
/** Of one owner on one device, as `status` of the device program says it. */
export type State = (typeof STATES)[number];

/** What the driver does, in this order where nothing fails. `prove` and `connect` change nothing on the device. */
export const STEPS = ['connect', 'upload', 'check', 'arm', 'prove', 'confirm', 'rollback', 'retract', 'forget', 'accept'] as const;
export type Step = (typeof STEPS)[number];
/** What the device does by itself: at its start, and when the timer fires. */
export const OWN_STEPS = ['boot', 'undo'] as const;
export type OwnStep = (typeof OWN_STEPS)[number];

/** For the line a second. */
export const DOING: Readonly<Record<Step, string>> = {
  connect: 'connecting',
  upload: 'uploading',
  check: 'checking',
  arm: 'loading',
  prove: 'proving over a new connection',
  confirm: 'confirming',
  rollback: 'rolling back',
  retract: 'retracting',
  forget: 'forgetting',
  accept: 'accepting',
};

/** `settled` stands for whichever of the settled states it was before. */
export interface Transition {
  readonly from: State | 'settled';
  readonly by: Step | OwnStep;
  readonly to: State | 'settled';
}

const t = (from: Transition['from'], by: Transition['by'], to: Transition['to']): Transition => ({ from, by, to });

export const TRANSITIONS: readonly Transition[] = [
  t('settled', 'connect', 'settled'),
  t('settled', 'upload', 'offered'),
  t('confirmed', 'upload', 'confirmed'),
  t('confirmed', 'accept', 'confirmed'),
  t('offered', 'check', 'checked'),
  t('offered', 'check', 'settled'),
  t('checked', 'arm', 'armed'),
  t('checked', 'arm', 'settled'),
  t('armed', 'prove', 'armed'),
  t('armed', 'confirm', 'confirmed'),
  t('armed', 'rollback', 'undoing'),
  t('armed', 'undo', 'undoing'),
  t('undoing', 'rollback', 'settled'),
  t('undoing', 'undo', 'settled'),
  t('undoing', 'upload', 'offered'),
  t('offered', 'rollback', 'settled'),
  t('checked', 'rollback', 'settled'),
  t('offered', 'boot', 'settled'),
  t('checked', 'boot', 'settled'),
  t('armed', 'boot', 'settled'),
  t('undoing', 'boot', 'settled'),
  t('confirmed', 'retract', 'retracting'),
  t('confirmed', 'retract', 'kept'),
  t('confirmed', 'forget', 'kept'),
  t('retracting', 'retract', 'nothing'),
  t('retracting', 'upload', 'offered'),
  t('retracting', 'boot', 'nothing'),
];

export const isState = (text: string | undefined): text is State => STATES.some((state) => state === text);
