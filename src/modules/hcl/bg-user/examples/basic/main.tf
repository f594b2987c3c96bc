terraform {
  required_version = ">= 1.5.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0"
    }
  }
}

# The security account. Tags are the provider's: default_tags.
provider "aws" {
  region = "us-east-1"
}

module "break_glass" {
  source = "../.."

  emailAddress = "security@example.com,on-call@example.com"
  role_arns    = ["arn:aws:iam::111122223333:role/BreakGlassRole"]
}

output "topic_arn" {
  value = module.break_glass.topic_arn
}
