"""The regions an account sees: AWS's real list and statuses, which tests can change.

https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html (17 by default, 17 by opt-in)
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRegions.html
"""

from __future__ import annotations

from typing import Any

DEFAULT_REGIONS = (
    "ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-southeast-1 ap-southeast-2 ca-central-1 eu-central-1 "
    "eu-north-1 eu-west-1 eu-west-2 eu-west-3 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2"
).split()
OPT_IN_REGIONS = (
    "af-south-1 ap-east-1 ap-east-2 ap-south-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 "
    "ap-southeast-7 ca-west-1 eu-central-2 eu-south-1 eu-south-2 il-central-1 me-central-1 me-south-1 mx-central-1"
).split()
OTHER_PARTITIONS = {
    "us-gov-": (["us-gov-east-1", "us-gov-west-1"], "amazonaws.com"),
    "cn-": (["cn-north-1", "cn-northwest-1"], "amazonaws.com.cn"),
}
OPTED_IN, NOT_OPTED_IN, BY_DEFAULT = "opted-in", "not-opted-in", "opt-in-not-required"

_opted_in: set[str] = set()


def set_status(region: str, status: str) -> None:
    """Changes the status of a region, in every account. Raises ValueError for what AWS doesn't allow either."""
    if region not in OPT_IN_REGIONS:
        raise ValueError(f"{region} is no region that can be enabled or disabled: {', '.join(OPT_IN_REGIONS)}")
    if status not in (OPTED_IN, NOT_OPTED_IN):
        raise ValueError(f"status must be {OPTED_IN} or {NOT_OPTED_IN}, got: {status}")
    if status == OPTED_IN:
        _opted_in.add(region)
    else:
        _opted_in.discard(region)


def reset() -> None:
    _opted_in.clear()


def statuses() -> dict[str, str]:
    optional = {region: OPTED_IN if region in _opted_in else NOT_OPTED_IN for region in OPT_IN_REGIONS}
    return dict(sorted({**dict.fromkeys(DEFAULT_REGIONS, BY_DEFAULT), **optional}.items()))


def install() -> None:
    from moto.core.responses import ActionResult
    from moto.ec2.exceptions import InvalidParameterValueError
    from moto.ec2.models.availability_zones_and_regions import Region
    from moto.ec2.responses.availability_zones_and_regions import AvailabilityZonesAndRegions

    def describe_regions(self: Any) -> ActionResult:
        self.error_on_dryrun()
        known = [Region(name, endpoint, status) for name, endpoint, status in _seen_from(self.region)]
        names = self._get_param("RegionNames", [])
        for name in names:
            if name not in [region.name for region in known]:
                raise InvalidParameterValueError(f"Invalid value '{name}' for region name.")
        everything = self._get_bool_param("AllRegions", False)
        filters = self._filters_from_querystring()
        return ActionResult(
            {
                "Regions": [
                    region
                    for region in known
                    if (everything or region.opt_in_status != NOT_OPTED_IN)
                    and (not names or region.name in names)
                    and _passes(region, filters)
                ]
            }
        )

    AvailabilityZonesAndRegions.describe_regions = describe_regions


def _passes(region: Any, filters: dict[str, list[str]]) -> bool:
    values = {
        "opt-in-status": region.opt_in_status,
        "region-name": region.name,
        "endpoint": region.endpoint,
    }
    return all(values.get(name) in wanted for name, wanted in filters.items())


def _seen_from(region: str) -> list[tuple[str, str, str]]:
    """A caller sees the regions of the own partition only."""
    for prefix, (names, suffix) in OTHER_PARTITIONS.items():
        if region.startswith(prefix):
            return [(name, f"ec2.{name}.{suffix}", BY_DEFAULT) for name in names]
    return [(name, f"ec2.{name}.amazonaws.com", status) for name, status in statuses().items()]
