terraform {
  required_version = ">= 1.5.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0"
    }
  }
}

# The security account, one provider for each region beside the primary one.
provider "aws" {
  alias  = "eu_west_1"
  region = "eu-west-1"
}

provider "aws" {
  alias  = "eu_north_1"
  region = "eu-north-1"
}

module "forwarder_eu_west_1" {
  source    = "../.."
  providers = { aws = aws.eu_west_1 }

  region         = "eu-west-1"
  primary_region = "us-east-1" # where the module bg-user is
}

module "forwarder_eu_north_1" {
  source    = "../.."
  providers = { aws = aws.eu_north_1 }

  region         = "eu-north-1"
  primary_region = "us-east-1"
}
