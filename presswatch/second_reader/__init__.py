"""An optional language model whose opinion stands beside the rules' verdict and changes nothing."""
