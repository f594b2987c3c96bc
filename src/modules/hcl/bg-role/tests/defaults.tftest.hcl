# terraform init && terraform test: needs Terraform 1.7, no AWS account.

mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
}

variables {
  AccountID = "123456789012"
}

run "defaults" {
  command = plan

  assert {
    condition     = jsondecode(aws_iam_role.role.assume_role_policy).Statement[0].Principal.AWS == ["arn:aws:iam::123456789012:user/BreakglassUser"]
    error_message = "The role trusts the user of the security account, and nobody else."
  }
  assert {
    condition = jsondecode(aws_iam_role.role.assume_role_policy).Statement[0].Condition == {
      Bool            = { "aws:MultiFactorAuthPresent" = "true" }
      NumericLessThan = { "aws:MultiFactorAuthAge" = "3600" }
    }
    error_message = "The role asks for an MFA sign-in of the last hour."
  }
  assert {
    condition     = keys(aws_iam_role_policy_attachment.role_policy) == ["arn:aws:iam::aws:policy/IAMFullAccess"]
    error_message = "The role may do what managed_policy_arns names."
  }
  assert {
    condition     = output.switch_role_url == "https://signin.aws.amazon.com/switchrole?account=111122223333&roleName=BreakGlassRole"
    error_message = "The link leads to the role."
  }
}

run "trusts_others_without_mfa_when_asked_to" {
  command = plan

  variables {
    trusted_user_arns = ["arn:aws:iam::444455556666:user/ana"]
    require_mfa       = false
  }

  assert {
    condition = jsondecode(aws_iam_role.role.assume_role_policy).Statement == [{
      Sid       = "BreakGlassUsers"
      Effect    = "Allow"
      Principal = { AWS = ["arn:aws:iam::444455556666:user/ana"] }
      Action    = "sts:AssumeRole"
    }]
    error_message = "The given users replace those of AccountID, and MFA is not asked for."
  }
}

run "refuses_what_is_wrong" {
  command = plan

  variables {
    AccountID           = "12345"
    user_names          = []
    trusted_user_arns   = ["arn:aws:iam::123456789012:root"]
    role_name           = "a role"
    managed_policy_arns = ["IAMFullAccess"]
    max_mfa_age_seconds = 1.5
    max_session_seconds = 60
  }

  expect_failures = [
    var.AccountID,
    var.user_names,
    var.trusted_user_arns,
    var.role_name,
    var.managed_policy_arns,
    var.max_mfa_age_seconds,
    var.max_session_seconds,
  ]
}
