"""What the Terraform provider asks of IAM when it deletes a user by force, and moto doesn't answer."""

from __future__ import annotations


def install() -> None:
    """Users of the emulator have no service specific credentials.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListServiceSpecificCredentials.html
    """
    from moto.core.responses import ActionResult
    from moto.iam.responses import IamResponse

    def list_service_specific_credentials(self: IamResponse) -> ActionResult:
        user_name = self._get_param("UserName")
        if user_name:
            self.backend.get_user(user_name)
        return ActionResult({"ServiceSpecificCredentials": [], "IsTruncated": False})

    IamResponse.list_service_specific_credentials = list_service_specific_credentials
