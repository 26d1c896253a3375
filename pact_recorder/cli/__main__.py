"""`python -m pact_recorder.cli` is the same as `pact-recorder`."""

import sys

from pact_recorder.cli.program import main

sys.exit(main())
