"""
Makes cohens-kappa.json: what statsmodels gives for tables of two raters' verdicts.

  pip install statsmodels==0.15.0
  python test/golden/cohens-kappa.py > test/golden/cohens-kappa.json
"""
import json

import numpy as np
import statsmodels
from statsmodels.stats.inter_rater import cohens_kappa

tables = [
    [[20, 5], [10, 15]],
    [[44, 5, 1], [7, 20, 3], [9, 5, 6]],
    [[88, 10, 2], [14, 40, 6], [18, 10, 12]],
    [[90, 0], [0, 10]],
    [[10, 10], [10, 10]],
    [[1, 9], [8, 2]],
    [[118, 4, 2, 0], [6, 57, 1, 3], [0, 2, 31, 2], [1, 0, 4, 9]],
]
results = [cohens_kappa(np.array(table)) for table in tables]
print(
    json.dumps(
        {
            "statsmodels": statsmodels.__version__,
            "cases": [
                {
                    "table": table,
                    "kappa": float(result.kappa),
                    "standardError": float(result.std_kappa),
                    "lower": float(result.kappa_low),
                    "upper": float(result.kappa_upp),
                }
                for table, result in zip(tables, results)
            ],
        }
    )
)
