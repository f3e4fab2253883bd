/** Returns whether the JSON is a plan that OpenTofu encrypted. Source: opentofu, internal/encryption/base.go. */
export const isEncryptedPlan = (json: unknown): boolean =>
  typeof json === 'object' &&
  json !== null &&
  'encryption_version' in json &&
  typeof json.encryption_version === 'string' &&
  Object.hasOwn(json, 'encrypted_data');
