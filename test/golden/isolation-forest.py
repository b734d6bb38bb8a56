"""
Makes isolation-forest.json: what scikit-learn's forest gives to a few points beside a cloud of others.

  pip install scikit-learn==1.9.1
  python test/golden/isolation-forest.py > test/golden/isolation-forest.json
"""
import json

import numpy as np
import sklearn
from sklearn.ensemble import IsolationForest

random = np.random.default_rng(7)
# Two clumps of unequal size and spread, with one column that is constant.
cloud = np.concatenate([random.normal(0, 1, (700, 3)), random.normal(4, 0.5, (300, 3))])
cloud = np.round(np.column_stack([cloud, np.full(1000, 2.0)]), 4).astype(np.float32)
points = np.array(
    [[0, 0, 0, 2], [4, 4, 4, 2], [2, 2, 2, 2], [0, 0, 4, 2], [-4, 0, 0, 2], [9, 9, 9, 2]], dtype=np.float32
)
# Many trees: the mean path length then has a standard error far below the tolerance of the test.
forest = IsolationForest(n_estimators=3000, max_samples=256, random_state=1).fit(cloud)
print(
    json.dumps(
        {
            "sklearn": sklearn.__version__,
            "cloud": [[float(str(value)) for value in row] for row in cloud],
            "points": points.tolist(),
            "scores": (-forest.score_samples(points)).round(5).tolist(),
        }
    )
)
