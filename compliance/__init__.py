"""May we? The law and our own refusals, as pure functions over values; stands alone."""

import zoneinfo

# The zone files of the machine may be older than the law (Vancouver ended its clock changes in 2026), and a verdict
# names the version of tzdata it was judged on: so the wheel is the only source, and everything imports this package.
zoneinfo.reset_tzpath(to=[])
