# terraform init && terraform test: needs Terraform 1.7, no AWS account.

mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_region" {
    defaults = { id = "eu-west-1" }
  }
}

variables {
  region         = "eu-west-1"
  primary_region = "us-east-1"
}

run "defaults" {
  command = plan

  assert {
    condition = alltrue([for target in [
      aws_cloudwatch_event_target.sign_in_primary_bus,
      aws_cloudwatch_event_target.switch_role_primary_bus,
      aws_cloudwatch_event_target.assume_role_primary_bus,
    ] : target.arn == "arn:aws:events:us-east-1:123456789012:event-bus/default"])
    error_message = "Every rule forwards to the primary region's bus."
  }
  assert {
    condition     = aws_iam_role.forwarder.name == "BreakGlassForwarder-eu-west-1"
    error_message = "The role bears the region's name."
  }
  assert {
    condition = alltrue([for rule in [
      aws_cloudwatch_event_rule.sign_in,
      aws_cloudwatch_event_rule.switch_role,
      aws_cloudwatch_event_rule.assume_role,
    ] : rule.state == "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"])
    error_message = "Every rule sees read-only events."
  }
}

run "watches_several_users" {
  command = plan

  variables {
    user_names = ["ana", "bob"]
  }

  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.switch_role.event_pattern).detail["$or"] == [
      { additionalEventData = { SwitchFrom = ["arn:aws:iam::123456789012:user/ana", "arn:aws:iam::123456789012:user/bob"] } },
      { userIdentity = { userName = ["ana", "bob"] } },
    ]
    error_message = "The rule watches every user."
  }
}

run "refuses_a_region_that_is_not_the_providers" {
  command = plan

  variables {
    region = "eu-north-1"
  }

  expect_failures = [data.aws_region.current]
}

run "refuses_the_primary_region" {
  command = plan

  variables {
    primary_region = "eu-west-1"
  }

  expect_failures = [data.aws_region.current]
}

run "refuses_what_is_wrong" {
  command = plan

  variables {
    primary_region     = "Ireland"
    primary_account_id = "12345"
    user_names         = ["a user"]
    region             = "EU"
  }

  expect_failures = [var.primary_region, var.primary_account_id, var.user_names, var.region]
}
