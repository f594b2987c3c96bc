/** Native lock files of the S3 backend came with 1.10. https://developer.hashicorp.com/terraform/language/backend/s3 */
export const TERRAFORM_CONSTRAINT = '>= 1.10.0';

/** Each of terraform and tofu takes it from its own registry. */
export const PROVIDER_SOURCE = 'hashicorp/aws';

/** The bindings have the schema of 6, the tests apply with 5.100; nothing is used that only one of them has. */
export const PROVIDER_CONSTRAINT = '>= 5.100.0, < 7.0.0';
