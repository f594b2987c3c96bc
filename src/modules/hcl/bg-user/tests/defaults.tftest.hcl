# terraform init && terraform test: needs Terraform 1.7, no AWS account.

mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_region" {
    defaults = { id = "us-east-1" }
  }
}

variables {
  emailAddress = "ana@example.com, bob@example.com"
}

run "defaults" {
  command = plan

  assert {
    condition     = toset(keys(aws_sns_topic_subscription.subscription_email)) == toset(["ana@example.com", "bob@example.com"])
    error_message = "Each address of emailAddress gets the alerts."
  }
  assert {
    condition = alltrue([for rule in [
      aws_cloudwatch_event_rule.sign_in,
      aws_cloudwatch_event_rule.switch_role,
      aws_cloudwatch_event_rule.assume_role,
    ] : rule.state == "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"])
    error_message = "Every rule sees read-only events."
  }
  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.sign_in.event_pattern).detail.userIdentity.userName == ["BreakglassUser"]
    error_message = "The rule watches the user."
  }
  assert {
    condition     = jsondecode(aws_iam_policy.role_access.policy).Statement[0].Resource == ["arn:aws:iam::*:role/BreakGlassRole"]
    error_message = "Without role_arns the user may assume BreakGlassRole of any account."
  }
  assert {
    condition     = length(aws_iam_user_policy_attachment.user_iam_full_access) == 1 && aws_iam_user.user.permissions_boundary == null
    error_message = "The user has IAMFullAccess and no boundary."
  }
}

run "a_user_who_may_only_assume_roles" {
  command = plan

  variables {
    permissions              = "assume-role-only"
    permissions_boundary_arn = "arn:aws:iam::123456789012:policy/Boundary"
    role_arns                = ["arn:aws:iam::111122223333:role/BreakGlassRole"]
  }

  assert {
    condition     = length(aws_iam_user_policy_attachment.user_iam_full_access) == 0
    error_message = "assume-role-only attaches no IAMFullAccess."
  }
  assert {
    condition     = aws_iam_user.user.permissions_boundary == "arn:aws:iam::123456789012:policy/Boundary"
    error_message = "The boundary bounds the user."
  }
  assert {
    condition     = jsondecode(aws_iam_policy.role_access.policy).Statement[0].Resource == ["arn:aws:iam::111122223333:role/BreakGlassRole"]
    error_message = "The user may assume the given roles only."
  }
}

run "refuses_what_is_wrong" {
  command = plan

  variables {
    emailAddress             = "nobody"
    https_endpoints          = ["http://example.com"]
    user_name                = "a user"
    permissions              = "all"
    permissions_boundary_arn = "Boundary"
    role_arns                = ["BreakGlassRole"]
    audit_log_retention_days = 2
    topic_name               = "alerts.fifo"
    key_alias                = "alias/aws/sns"
    audit_log_group_name     = "/logs"
    assume_role_policy_name  = ""
  }

  expect_failures = [
    var.emailAddress,
    var.https_endpoints,
    var.user_name,
    var.permissions,
    var.permissions_boundary_arn,
    var.role_arns,
    var.audit_log_retention_days,
    var.topic_name,
    var.key_alias,
    var.audit_log_group_name,
    var.assume_role_policy_name,
  ]
}
