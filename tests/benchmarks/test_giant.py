"""GPT-3 opens and is edited within the limits that the benchmark measures."""

import json

import pytest

from benchmarks import giant


@pytest.mark.slow
def test_gpt3_opens_without_torch_and_its_weights_within_all_limits(capsys):
    giant.main()
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [bar["what"] for bar in found["bars"] if not bar["holds"]] == []
    assert found["detail"]["flat"]["told"]["parameters"] == giant.PARAMETERS
