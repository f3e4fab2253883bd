import { FieldChange, DeliverySettings, compareFields, listSettingFields } from './delivery-fields';

/**
 * Returns the delivery settings that change between the inputs of two ownership records; for a first release all of
 * them. No policy decides these settings.
 */
export const compareSettings = (
  before: DeliverySettings | undefined,
  after: DeliverySettings,
): readonly FieldChange[] => compareFields(before ? listSettingFields(before) : [], listSettingFields(after));
