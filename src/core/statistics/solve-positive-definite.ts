/** Solves symmetric positive definite systems by Cholesky factors, on packed lower triangles. */

/** Index of element (row, column), column <= row, of a lower triangle packed row by row. */
export function packedIndex(row: number, column: number): number {
  return (row * (row + 1)) / 2 + column;
}

/** Replaces the packed lower triangle by its Cholesky factor; false where it is not positive definite. */
export function factorInPlace(matrix: Float64Array, size: number): boolean {
  for (let row = 0; row < size; row++) {
    const rowStart = packedIndex(row, 0);
    for (let column = 0; column <= row; column++) {
      const columnStart = packedIndex(column, 0);
      let sum = matrix[rowStart + column]!;
      for (let k = 0; k < column; k++) sum -= matrix[rowStart + k]! * matrix[columnStart + k]!;
      if (column < row) matrix[rowStart + column] = sum / matrix[columnStart + column]!;
      else if (sum > 0) matrix[rowStart + row] = Math.sqrt(sum);
      else return false;
    }
  }
  return true;
}

/** Replaces `vector` by the solution of L x = vector, with L from `factorInPlace`. */
export function solveLower(factor: Float64Array, size: number, vector: Float64Array): void {
  for (let row = 0; row < size; row++) {
    let sum = vector[row]!;
    for (let k = 0; k < row; k++) sum -= factor[packedIndex(row, k)]! * vector[k]!;
    vector[row] = sum / factor[packedIndex(row, row)]!;
  }
}

/** Replaces `vector` by the solution of L Lᵀ x = vector, with L from `factorInPlace`. */
export function solveFactored(factor: Float64Array, size: number, vector: Float64Array): void {
  solveLower(factor, size, vector);
  for (let row = size - 1; row >= 0; row--) {
    let sum = vector[row]!;
    for (let k = row + 1; k < size; k++) sum -= factor[packedIndex(k, row)]! * vector[k]!;
    vector[row] = sum / factor[packedIndex(row, row)]!;
  }
}

/** `out` = packed symmetric matrix times vector. */
export function multiplySymmetric(
  matrix: Float64Array | Float32Array,
  size: number,
  vector: Float64Array,
  out: Float64Array,
): void {
  out.fill(0, 0, size);
  let index = 0;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < row; column++, index++) {
      out[row] = out[row]! + matrix[index]! * vector[column]!;
      out[column] = out[column]! + matrix[index]! * vector[row]!;
    }
    out[row] = out[row]! + matrix[index++]! * vector[row]!;
  }
}
