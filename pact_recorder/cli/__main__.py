"""`python -m pact_recorder.cli` is the same as `pact-recorder`."""

import sys

from pact_recorder.cli import main

sys.exit(main())
