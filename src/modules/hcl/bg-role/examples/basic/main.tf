terraform {
  required_version = ">= 1.5.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0"
    }
  }
}

# The account that people must get into. IAM is global: any region of the account will do.
provider "aws" {
  region = "us-east-1"

  assume_role {
    role_arn = "arn:aws:iam::111122223333:role/OrganizationAccountAccessRole"
  }
}

module "role" {
  source = "../.."

  for_each = {
    BreakGlassRole      = "arn:aws:iam::aws:policy/IAMFullAccess"
    BreakGlassAdminRole = "arn:aws:iam::aws:policy/AdministratorAccess"
  }

  AccountID           = "123456789012" # the security account, which has the users
  role_name           = each.key
  managed_policy_arns = [each.value]
}

output "switch_role_urls" {
  value = [for role in module.role : role.switch_role_url]
}
